"""Asks an API the same questions wherever it runs, and keeps the form of what it answers."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from toolkit.pipeline.rehearsal.baseline import compare_forms, value_forms
from toolkit.pipeline.rehearsal.model import Difference
from toolkit.pipeline.smoke.target import SmokeTarget
from toolkit.pipeline.smoke.throttled import send_until_admitted

ITEMS = "/api/v1/items"
STRANGER = "https://rehearsal.invalid"
TIMEOUT_SECONDS = 30.0
TOO_LARGE = 10 * 1024 * 1024 + 1
"""One byte more than an HTTP API takes."""
LONG_HEADER = 10_240
FLOOD, AT_ONCE = 240, 16
"""More requests than `burst-requests` allows at once; what AWS throttles is a target, not a promise."""
LITERAL_HEADERS = frozenset(
    {
        *("content-type", "cache-control", "strict-transport-security", "x-content-type-options", "referrer-policy"),
        *("access-control-allow-origin", "access-control-allow-methods", "access-control-allow-headers"),
        *("access-control-max-age", "access-control-expose-headers", "access-control-allow-credentials"),
        *("www-authenticate", "server", "x-frame-options", "etag", "via", "allow"),
    }
)
LITERAL_VALUES = frozenset({"message", "title", "type", "status", "error"})
Observation = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """One question; `signed_in` with the scopes of the machine client's token."""

    name: str
    method: str
    path: str
    signed_in: str = ""
    headers: Mapping[str, str] | None = None
    body: Any = None


READ, WRITE = "items/read", "items/read items/write"
_JSON = {"Content-Type": "application/json"}
REQUESTS = (
    Request("health", "GET", "/health"),
    Request("no such route", "GET", "/rehearsal"),
    Request("no such method", "PATCH", ITEMS),
    Request("no token", "GET", ITEMS),
    Request("bad token", "GET", ITEMS, headers={"Authorization": "Bearer bm8.bm8.bm8"}),
    Request("scope is missing", "POST", ITEMS, READ, body={"name": "Rehearsal"}),
    Request("preflight", "OPTIONS", ITEMS, headers={"Access-Control-Request-Method": "POST"}),
    Request("preflight of a stranger", "OPTIONS", ITEMS, headers={"Access-Control-Request-Method": "POST"}),
    Request("cross-origin", "GET", "/health", headers={"Origin": ""}),
    Request("who am I", "GET", "/api/v1/me", READ),
    Request("bad body", "POST", ITEMS, WRITE, body={"name": ""}),
    Request("body is no JSON", "POST", ITEMS, WRITE, headers=_JSON, body=b"{"),
    Request("item is not there", "GET", f"{ITEMS}/00000000-0000-7000-8000-000000000000", READ),
    Request("created", "POST", ITEMS, WRITE, body={"name": "Rehearsal"}),
    Request("not modified", "GET", "{item}", READ, headers={"If-None-Match": '"1"'}),
    Request("no precondition", "DELETE", "{item}", WRITE),
    Request("stale precondition", "DELETE", "{item}", WRITE, headers={"If-Match": '"9"'}),
    Request("deleted", "DELETE", "{item}", WRITE, headers={"If-Match": '"1"'}),
    Request("body is too large", "POST", ITEMS, WRITE, headers=_JSON, body=b" " * TOO_LARGE),
    Request("header is too large", "GET", "/health", headers={"X-Rehearsal": "x" * LONG_HEADER}),
)


def observe(target: SmokeTarget, origin: str | None) -> dict[str, Observation]:
    """What the API answers, by probe; `origin` is one that the settings allow."""
    local = urlsplit(target.url).hostname in {"127.0.0.1", "localhost"}
    with httpx.Client(base_url=target.url, timeout=TIMEOUT_SECONDS, trust_env=not local) as client:
        tokens = {"": "", **{scope: _token(client, target, scope) for scope in (READ, WRITE)}}
        seen: dict[str, Observation] = {"token": _token_form(client, target)}
        item = ITEMS
        for request in REQUESTS:
            answer = _asked(client, request, tokens[request.signed_in], item, origin)
            seen[request.name] = answer if isinstance(answer, dict) else observed(answer)
            if request.name == "created" and isinstance(answer, httpx.Response):
                item = answer.headers.get("location", ITEMS)
        return {**seen, **_flooded(client)}


def compare_answers(baseline: Mapping[str, Observation], real: Mapping[str, Observation]) -> Iterator[Difference]:
    """Status, headers and body of each probe."""
    for name, expected in baseline.items():
        found = real.get(name, {"status": "not asked"})
        if expected["status"] != found["status"]:
            yield Difference("HTTP status", name, str(expected["status"]), str(found["status"]))
        else:
            for part in ("headers", "body"):
                yield from compare_forms(expected.get(part, {}), found.get(part, {}), f"HTTP {part} of {name}")


def observed(answer: httpx.Response) -> Observation:
    """The answer without what is new in each, or is a setting of the stack."""
    headers = {name: value if name in LITERAL_HEADERS else "present" for name, value in answer.headers.items()}
    if headers.get("access-control-allow-origin") == answer.request.headers.get("origin", ""):
        headers["access-control-allow-origin"] = "the origin that asks"
    try:
        document = answer.json() if answer.content else None
    except ValueError:
        document = "text that is no JSON"
    body = {} if document is None else value_forms(document)
    if isinstance(document, dict):
        body |= {name: str(document[name]) for name in LITERAL_VALUES & document.keys()}
    return {"status": answer.status_code, "headers": headers, "body": body}


def _asked(
    client: httpx.Client, request: Request, token: str, item: str, origin: str | None
) -> httpx.Response | Observation:
    headers = dict(request.headers or {})
    if "Access-Control-Request-Method" in headers or "Origin" in headers:
        headers["Origin"] = STRANGER if "stranger" in request.name or origin is None else origin
    if token:
        headers["Authorization"] = f"Bearer {token}"
    content = request.body if isinstance(request.body, bytes) else None
    document = request.body if content is None else None
    try:
        path = request.path.replace("{item}", item)
        return send_until_admitted(client, request.method, path, headers=headers, content=content, json=document)
    except httpx.TransportError as error:
        return {"status": f"no answer ({type(error).__name__})"}


def _sign_in(client: httpx.Client, target: SmokeTarget, scope: str) -> httpx.Response:
    return client.post(
        f"{target.sign_in_url}/oauth2/token",
        data={"grant_type": "client_credentials", "scope": scope},
        auth=(target.client_id, target.client_secret),
    )


def _token(client: httpx.Client, target: SmokeTarget, scope: str) -> str:
    try:
        return str(_sign_in(client, target, scope).json()["access_token"])
    except (httpx.TransportError, ValueError, KeyError):
        return ""


def _token_form(client: httpx.Client, target: SmokeTarget) -> Observation:
    try:
        return observed(_sign_in(client, target, READ))
    except httpx.TransportError as error:
        return {"status": f"no answer ({type(error).__name__})"}


def _flooded(client: httpx.Client) -> dict[str, Observation]:
    """The first 429 under many requests at once, and what another route answers right after it."""

    def ask(_number: int) -> httpx.Response | None:
        try:
            return client.get("/health")
        except httpx.TransportError:
            return None

    with ThreadPoolExecutor(AT_ONCE) as workers:
        answers = list(workers.map(ask, range(FLOOD)))
    neighbour = client.get("/health/live")
    refused = next(
        (one for one in answers if one is not None and one.status_code == httpx.codes.TOO_MANY_REQUESTS), None
    )
    throttled = observed(refused) if refused is not None else {"status": f"no 429 in {FLOOD} requests"}
    return {"throttled": throttled, "route beside a throttled one": {"status": neighbour.status_code}}
