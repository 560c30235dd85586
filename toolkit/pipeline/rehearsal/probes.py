"""Send the probes of the service to an API, and keep the form of each answer."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx

from toolkit.configuration import configuration, load
from toolkit.pipeline.rehearsal.baseline import compare_forms, value_forms
from toolkit.pipeline.rehearsal.model import Difference
from toolkit.pipeline.smoke.session import request_token, send_until_admitted
from toolkit.pipeline.smoke.target import SmokeTarget
from toolkit.pipeline.web_address import is_local

OTHER_ORIGIN = "https://rehearsal.invalid"
TIMEOUT_SECONDS = 30.0
CONCURRENT_REQUESTS = 16
THROTTLE_REQUESTS = 240
"""More requests than `burst-requests` allows at once; AWS treats a throttle as a target, not as a limit."""
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
class Probe:
    """One request; `{created}` in its path is the location that the last creating probe returned."""

    name: str
    method: str
    path: str
    scope: str = ""
    """The scopes of the token; empty for a request without a token."""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    allowed_origin: bool = False
    """Whether the request comes from an origin that the settings allow."""
    other_origin: bool = False
    """Whether the request comes from an origin that they do not allow."""
    creates: bool = False


@dataclass(frozen=True)
class Probes:
    """The probes of a service, which `[tool.toolkit] rehearsal-probes` names."""

    probes: tuple[Probe, ...]
    throttled: str
    """The path that is requested until it is throttled."""
    beside_throttled: str
    """The path that is requested right after that."""


def observe(target: SmokeTarget, origin: str | None) -> dict[str, Observation]:
    """Return the answers of the API by probe; `origin` is an allowed one."""
    service: Probes = load(configuration().rehearsal_probes)
    scopes = dict.fromkeys(probe.scope for probe in service.probes if probe.scope)
    with httpx.Client(base_url=target.url, timeout=TIMEOUT_SECONDS, trust_env=not is_local(target.url)) as client:
        granted = {scope: _answer(partial(request_token, client, target, scope)) for scope in scopes or ("",)}
        seen: dict[str, Observation] = {"token": observed(next(iter(granted.values())))}
        created = "/"
        for probe in service.probes:
            token = _token(granted[probe.scope]) if probe.scope else ""
            answer = _answer(partial(_send, client, probe, token, created, origin))
            seen[probe.name] = observed(answer)
            if probe.creates and isinstance(answer, httpx.Response):
                created = answer.headers.get("location", created)
        return {**seen, **_throttled_answers(client, service)}


def compare_answers(baseline: Mapping[str, Observation], real: Mapping[str, Observation]) -> Iterator[Difference]:
    """Return status, headers and body of each probe."""
    for name, expected in baseline.items():
        answer = real.get(name, {"status": "not asked"})
        if expected["status"] != answer["status"]:
            yield Difference("HTTP status", name, str(expected["status"]), str(answer["status"]))
        else:
            for part in ("headers", "body"):
                yield from compare_forms(expected.get(part, {}), answer.get(part, {}), f"HTTP {part} of {name}")


def observed(answer: httpx.Response | httpx.TransportError) -> Observation:
    """Return the answer without values that differ in each answer or in each stack."""
    if isinstance(answer, httpx.TransportError):
        return {"status": f"no answer ({type(answer).__name__})"}
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


def _answer(send: Callable[[], httpx.Response]) -> httpx.Response | httpx.TransportError:
    try:
        return send()
    except httpx.TransportError as error:
        return error


def _send(client: httpx.Client, probe: Probe, token: str, created: str, origin: str | None) -> httpx.Response:
    headers = dict(probe.headers)
    if probe.allowed_origin or probe.other_origin:
        headers["Origin"] = OTHER_ORIGIN if probe.other_origin or origin is None else origin
    if token:
        headers["Authorization"] = f"Bearer {token}"
    content = probe.body if isinstance(probe.body, bytes) else None
    document = probe.body if content is None else None
    path = probe.path.replace("{created}", created)
    return send_until_admitted(client, probe.method, path, headers=headers, content=content, json=document)


def _token(answer: httpx.Response | httpx.TransportError) -> str:
    try:
        return str(answer.json()["access_token"]) if isinstance(answer, httpx.Response) else ""
    except (ValueError, KeyError):
        return ""


def _throttled_answers(client: httpx.Client, service: Probes) -> dict[str, Observation]:
    """Return the first 429 under many requests at once, and the answer of another route right after it."""
    ask = partial(client.get, service.throttled)
    with ThreadPoolExecutor(CONCURRENT_REQUESTS) as workers:
        answers = list(workers.map(lambda _: _answer(ask), range(THROTTLE_REQUESTS)))
    neighbour = client.get(service.beside_throttled)
    limited = httpx.codes.TOO_MANY_REQUESTS
    refused = next((one for one in answers if isinstance(one, httpx.Response) and one.status_code == limited), None)
    throttled = observed(refused) if refused is not None else {"status": f"no 429 in {THROTTLE_REQUESTS} requests"}
    return {"throttled": throttled, "route beside a throttled one": {"status": neighbour.status_code}}
