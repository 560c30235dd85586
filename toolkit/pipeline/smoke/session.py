"""The HTTP session of a smoke test, and the checks that suit every service: health, version and sign-in."""

import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import httpx

from toolkit.pipeline.smoke.target import HEALTH, SmokeTarget

Check = tuple[str, Callable[[], str]]
"""The name of a check, and a function that returns what it found. The function raises CheckError where it fails."""
JsonObject = dict[str, Any]
PAUSE_SECONDS = 0.5
THROTTLED_SECONDS = 30.0
"""How long the API may answer 429 to one request."""
MOVED_SECONDS = 10.0
"""How long the API may answer with the previous version after a deployment."""


class CheckError(Exception):
    """A check failed; the message is one sentence."""


class SmokeChecks(Protocol):
    """The checks of a service, which `[tool.toolkit] smoke-checks` names."""

    def __init__(self, session: "Session") -> None: ...

    def checks(self) -> Sequence[Check]:
        """Return the checks in the order in which they run."""

    def clean_up(self) -> str:
        """Delete what the checks created, after a failure. Raises CheckError."""


class Session:
    """Requests to one stack, as a caller without a token or as the machine client."""

    def __init__(self, target: SmokeTarget, client: httpx.Client, wait_seconds: float) -> None:
        self.target, self.token = target, ""
        self._client, self._wait_seconds = client, wait_seconds
        self._health: httpx.Response | None = None
        self._error = ""

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secrets that must not be in a report."""
        return tuple(filter(None, (self.target.client_secret, self.token)))

    def send(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Send a request, again while it is throttled. Raises httpx.TransportError."""
        return send_until_admitted(self._client, method, path, **request)

    def authorized(self, method: str, path: str, expected: int, **request: Any) -> httpx.Response:
        """Send a request with the token. Raises CheckError for another status than the expected one."""
        headers = {**request.pop("headers", {}), "Authorization": f"Bearer {self.token}"}
        answer = self.send(method, path, headers=headers, **request)
        if answer.status_code != expected:
            raise CheckError(f"{method} {path} answers {summary(answer, f', not {expected}')}")
        return answer

    def refuse(self, path: str, headers: dict[str, str]) -> str:
        """Check that a GET with these headers is answered with 401."""
        answer = self.send("GET", path, headers=headers)
        if answer.status_code != httpx.codes.UNAUTHORIZED:
            raise CheckError(f"GET {path} answers {answer.status_code}, not 401")
        return "401"

    def health(self) -> str:
        """Wait for the first 200: a new address or function may take a moment."""
        tries = self._ask_health(self._wait_seconds, lambda answer: answer.status_code == httpx.codes.OK)
        if self._health is None or self._health.status_code != httpx.codes.OK:
            instead = f"answers {summary(self._health)}" if self._health else f"gets no answer ({self._error})"
            raise CheckError(f"GET {HEALTH} {instead}, after {tries} tries in {self._wait_seconds:g} s")
        return "200" if tries == 1 else f"200 at try {tries}"

    def version(self) -> str:
        """Check the environment and the version; the previous version may answer for a moment."""
        wanted = {"environment": self.target.environment, "version": self.target.version}
        expected = {part: value for part, value in wanted.items() if value is not None}

        def differing() -> list[str]:
            found = json_object(self._health) if self._health else {}
            return [
                f"the {part} is {found.get(part)!r}, not the deployed {value!r}"
                for part, value in expected.items()
                if found.get(part) != value
            ]

        if differing():
            seconds = min(self._wait_seconds, MOVED_SECONDS)
            self._ask_health(seconds, lambda answer: answer.status_code == httpx.codes.OK and not differing())
        if wrong := differing():
            raise CheckError(" and ".join(wrong))
        found = json_object(self._health) if self._health else {}
        return f"{found.get('version')} in {found.get('environment')}"

    def headers(self, expected: dict[str, str]) -> str:
        """Check that the response of the health check has headers that contain these texts."""
        found = self._health.headers if self._health else {}
        present = {name: found.get(name, "") for name in expected}
        if wrong := [
            f"{name}: {present[name] or 'missing'}" for name in expected if expected[name] not in present[name]
        ]:
            raise CheckError(f"GET {HEALTH} comes with {'; '.join(wrong)}")
        return f"{len(expected)} as expected"

    def sign_in(self, scope: str) -> str:
        """Get a token for the credentials of the machine client."""
        answer = request_token(self._client, self.target, scope)
        if answer.status_code != httpx.codes.OK:
            raise CheckError(f"the sign-in answers {summary(answer)}")
        document = json_object(answer)
        self.token = str(document.get("access_token") or "")
        if not self.token:
            raise CheckError("the sign-in answers 200 without an access token")
        return f"a token for {document.get('expires_in')} s"

    def _ask_health(self, seconds: float, accept: Callable[[httpx.Response], bool]) -> int:
        """Repeat the health check until the answer is accepted or the time is over; return the number of requests."""
        deadline, tries = time.monotonic() + seconds, 0
        while True:
            tries += 1
            try:
                self._health = self._client.get(HEALTH)
            except httpx.TransportError as error:
                self._health, self._error = None, str(error) or type(error).__name__
            if (self._health is not None and accept(self._health)) or time.monotonic() >= deadline:
                return tries
            time.sleep(min(PAUSE_SECONDS, max(0.0, deadline - time.monotonic())))


def send_until_admitted(client: httpx.Client, method: str, path: str, **request: Any) -> httpx.Response:
    """Return the first answer that is not 429, or the 429 after THROTTLED_SECONDS. Raises httpx.TransportError."""
    deadline = time.monotonic() + THROTTLED_SECONDS
    answer = client.request(method, path, **request)
    while answer.status_code == httpx.codes.TOO_MANY_REQUESTS and time.monotonic() < deadline:
        time.sleep(PAUSE_SECONDS)
        answer = client.request(method, path, **request)
    return answer


def request_token(client: httpx.Client, target: SmokeTarget, scope: str) -> httpx.Response:
    """Return the answer of the token endpoint to the credentials of the machine client."""
    return client.post(
        f"{target.sign_in_url}/oauth2/token",
        data={"grant_type": "client_credentials", "scope": scope},
        auth=(target.client_id, target.client_secret),
    )


def json_object(answer: httpx.Response) -> JsonObject:
    """Return the JSON object of an answer. Raises CheckError."""
    try:
        document = answer.json()
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise CheckError(f"{answer.request.method} {answer.request.url.path} answers no JSON object")
    return document


def summary(answer: httpx.Response, but: str = "") -> str:
    """Return the status, what it should be, and the start of the body."""
    body = " ".join(answer.text.split())[:120]
    return f"{answer.status_code}{but}: {body}" if body else f"{answer.status_code}{but}"
