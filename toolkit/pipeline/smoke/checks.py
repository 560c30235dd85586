"""What a smoke test asks of a stack, in order; each check says in a few words what it saw."""

import secrets
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx

from toolkit.pipeline.smoke.target import SmokeTarget
from toolkit.pipeline.smoke.throttled import send_until_admitted

Check = tuple[str, Callable[[], str]]
ITEMS = "/api/v1/items"
DOCS = ("/docs", "/redoc", "/openapi.json")
STRANGER = "https://smoke-test.invalid"
PAUSE_SECONDS = 0.5
MOST_PAGES, MOVED_SECONDS = 20, 10.0
"""How long AWS may answer with the version before, at most."""
PROMISED = {
    "strict-transport-security": "max-age=63072000",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'",
}


class CheckError(Exception):
    """The stack did not do what it must; one sentence says what came instead."""


class Checks:
    """One visit to a stack: signs in, makes one item and takes it away again."""

    def __init__(self, target: SmokeTarget, client: httpx.Client, wait_seconds: float) -> None:
        self._target, self._client, self._wait = target, client, wait_seconds
        self._name = f"Smoke test {secrets.token_hex(8)}"
        self._token = ""
        self._item: dict[str, Any] = {}
        self._path, self._etag = "", ""
        self._health: httpx.Response | None = None
        self._problem = ""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not stand in any report."""
        return tuple(filter(None, (self._target.client_secret, self._token)))

    def steps(self) -> list[Check]:
        """The checks in their order, named."""
        target = self._target
        return [
            ("health", self.health),
            ("version", self.version),
            ("headers", self.headers),
            *([] if target.open_to_every_origin else [("cross-origin refusal", self.strangers_page)]),
            *([("no documentation", self.no_documentation)] if target.hides_docs else []),
            ("refused without a token", self.without_token),
            ("refused with a bad token", self.with_bad_token),
            ("sign-in", self.sign_in),
            ("create", self.create),
            ("read", self.read),
            ("list", self.listed),
            ("delete", self.delete),
        ]

    def health(self) -> str:
        """The first 200, waited for: a new address or function may take a moment."""
        tries = self._ask_health(self._wait, lambda answer: answer.status_code == 200)
        if self._health is None or self._health.status_code != 200:
            instead = f"answers {_short(self._health)}" if self._health else f"gets no answer ({self._problem})"
            raise CheckError(f"GET /health {instead}, after {tries} tries in {self._wait:g} s")
        return "200" if tries == 1 else f"200 at try {tries}"

    def version(self) -> str:
        """The environment and the version are those that were deployed; a moved alias may take a moment to show."""
        wanted = {"environment": self._target.environment, "version": self._target.version}
        expected = {part: value for part, value in wanted.items() if value is not None}

        def differing() -> list[str]:
            found = _document(self._health) if self._health else {}
            return [
                f"the {part} is {found.get(part)!r}, not the deployed {value!r}"
                for part, value in expected.items()
                if found.get(part) != value
            ]

        if differing():
            self._ask_health(
                min(self._wait, MOVED_SECONDS), lambda answer: answer.status_code == 200 and not differing()
            )
        if wrong := differing():
            raise CheckError(" and ".join(wrong))
        found = _document(self._health) if self._health else {}
        return f"{found.get('version')} in {found.get('environment')}"

    def _ask_health(self, seconds: float, enough: Callable[[httpx.Response], bool]) -> int:
        """Ask until the answer is enough, at most so long; how often it was asked."""
        deadline, tries = time.monotonic() + seconds, 0
        while True:
            tries += 1
            try:
                self._health = self._client.get("/health")
            except httpx.TransportError as error:
                self._health, self._problem = None, str(error) or type(error).__name__
            if (self._health is not None and enough(self._health)) or time.monotonic() >= deadline:
                return tries
            time.sleep(min(PAUSE_SECONDS, max(0.0, deadline - time.monotonic())))

    def headers(self) -> str:
        """The answers carry what browsers need to be safe."""
        found = self._health.headers if self._health else {}
        wrong = [
            f"{name}: {found.get(name, 'missing')}"
            for name, text in PROMISED.items()
            if text not in found.get(name, "")
        ]
        if wrong:
            raise CheckError(f"GET /health comes with {'; '.join(wrong)}")
        return f"{len(PROMISED)} as promised"

    def strangers_page(self) -> str:
        """No page but those of the settings may read an answer or send a request with a token."""
        asking = {"Origin": STRANGER, "Access-Control-Request-Method": "GET"}
        for method, headers in (("GET", {"Origin": STRANGER}), ("OPTIONS", asking)):
            allowed = send_until_admitted(self._client, method, "/health", headers=headers).headers.get(
                "access-control-allow-origin"
            )
            if allowed is not None:
                raise CheckError(f"{method} /health from {STRANGER} is allowed to {allowed}")
        return "a stranger's page reads nothing"

    def no_documentation(self) -> str:
        """The pages of the documentation are not there."""
        for path in DOCS:
            answer = self._client.get(path)
            if answer.status_code != 404:
                raise CheckError(f"GET {path} answers {answer.status_code}, not 404")
        return "404 on " + ", ".join(DOCS)

    def without_token(self) -> str:
        """Nobody reads items."""
        return self._refused({})

    def with_bad_token(self) -> str:
        """A token that nobody signed opens nothing."""
        return self._refused({"Authorization": "Bearer bm8.bm8.bm8"})

    def _refused(self, headers: dict[str, str]) -> str:
        answer = send_until_admitted(self._client, "GET", ITEMS, headers=headers)
        if answer.status_code != 401:
            raise CheckError(f"GET {ITEMS} answers {answer.status_code}, not 401")
        return "401"

    def sign_in(self) -> str:
        """The machine client gets a token for its credentials."""
        answer = self._client.post(
            f"{self._target.sign_in_url}/oauth2/token",
            data={"grant_type": "client_credentials", "scope": "items/read items/write"},
            auth=(self._target.client_id, self._target.client_secret),
        )
        if answer.status_code != 200:
            raise CheckError(f"the sign-in answers {_short(answer)}")
        document = _document(answer)
        self._token = str(document.get("access_token") or "")
        if not self._token:
            raise CheckError("the sign-in answers 200 without an access token")
        return f"a token for {document.get('expires_in')} s"

    def create(self) -> str:
        """An item is kept."""
        answer = self._signed_in("POST", ITEMS, 201, json={"name": self._name})
        self._item, self._etag = _document(answer), answer.headers.get("etag", "")
        identifier = str(self._item.get("id", ""))
        if not identifier or answer.headers.get("location") != f"{ITEMS}/{identifier}":
            raise CheckError("the new item has no id, or its location is not that of its id")
        self._path = f"{ITEMS}/{identifier}"
        return identifier

    def read(self) -> str:
        """The same item comes back."""
        if _document(self._signed_in("GET", self._path, 200)) != self._item:
            raise CheckError(f"GET {self._path} answers something else than what was created")
        return "as created"

    def listed(self) -> str:
        """The item is in the list."""
        seen = 0
        for item in self._items():
            seen += 1
            if item.get("id") == self._item["id"]:
                return f"as number {seen}"
        raise CheckError(f"the new item is not among the {seen} of the list")

    def delete(self) -> str:
        """The item goes, and is gone."""
        self._signed_in("DELETE", self._path, 204, headers={"If-Match": self._etag})
        self._signed_in("GET", self._path, 404)
        return "gone"

    def clean_up(self) -> str:
        """Take away the item where a failure left it. Raises CheckError."""
        if not self._token:
            return "nothing was made"
        left = [item for item in self._items() if item.get("name") == self._name]
        for item in left:
            headers = {"If-Match": f'"{item["version"]}"'}
            self._signed_in("DELETE", f"{ITEMS}/{item['id']}", 204, headers=headers)
        return f"{len(left)} items taken away"

    def _items(self) -> Iterator[dict[str, Any]]:
        """The machine client's items, the newest first, page by page."""
        cursor: dict[str, str] = {}
        for _ in range(MOST_PAGES):
            page = _document(self._signed_in("GET", ITEMS, 200, params={"limit": "100", **cursor}))
            yield from page.get("items", ())
            if not page.get("next_cursor"):
                return
            cursor = {"cursor": str(page["next_cursor"])}

    def _signed_in(self, method: str, path: str, expected: int, **request: Any) -> httpx.Response:
        headers = {**request.pop("headers", {}), "Authorization": f"Bearer {self._token}"}
        answer = send_until_admitted(self._client, method, path, headers=headers, **request)
        if answer.status_code != expected:
            raise CheckError(f"{method} {path} answers {_short(answer, f', not {expected}')}")
        return answer


def _document(answer: httpx.Response) -> dict[str, Any]:
    try:
        document = answer.json()
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise CheckError(f"{answer.request.method} {answer.request.url.path} answers no JSON object")
    return document


def _short(answer: httpx.Response, but: str = "") -> str:
    """The status, what it should be, and the beginning of what stands in the answer."""
    words = " ".join(answer.text.split())[:120]
    return f"{answer.status_code}{but}: {words}" if words else f"{answer.status_code}{but}"
