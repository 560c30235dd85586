"""The few calls of GitHub's REST API that the pipeline makes; waits are bounded, and nothing is written twice."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from pipeline.errors import RefusedError

Json = Mapping[str, Any]
_ATTEMPTS = 4
_LONGEST_WAIT = 60.0
_PAGE = 100
_MOST_PAGES = 100
_TROUBLE = 500
_BOT = "github-actions[bot]"


class GitHubError(RefusedError):
    """GitHub refused or could not be reached; one sentence."""


class NotAllowedError(GitHubError):
    """The token may not do it."""


class NotFoundError(GitHubError):
    """What was asked for is not there, or the token may not see it."""


class TroubleError(GitHubError):
    """GitHub itself failed, so nobody knows whether it was done."""


@dataclass
class GitHub:
    """One repository (`owner/name`), as the token may see it."""

    repository: str
    token: str = field(repr=False)
    url: str = "https://api.github.com"
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        self._client = httpx.Client(
            base_url=self.url,
            headers={
                "Authorization": f"Bearer {self.token}",
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": "2022-11-28",
            },
            timeout=30,
        )

    @classmethod
    def of_environment(cls) -> "GitHub":
        """The repository that a workflow runs for; GitHubError where its variables are not there."""
        found = {name: os.environ.get(name, "") for name in ("GITHUB_TOKEN", "GITHUB_REPOSITORY")}
        if missing := [name for name, value in found.items() if not value]:
            raise GitHubError(f"{' and '.join(missing)} must be set, as a workflow sets them.")
        if found["GITHUB_REPOSITORY"].count("/") != 1:
            raise GitHubError(f"GITHUB_REPOSITORY is {found['GITHUB_REPOSITORY']!r}: write owner/name.")
        url = os.environ.get("GITHUB_API_URL") or cls.url
        return cls(found["GITHUB_REPOSITORY"], found["GITHUB_TOKEN"], url.rstrip("/"))

    @property
    def login(self) -> str:
        """By whom the token writes; a workflow's token may not ask, and is the bot's."""
        try:
            return str(self._ask("GET", "/user").json()["login"])
        except (NotAllowedError, NotFoundError):
            return _BOT

    def get(self, path: str) -> Any:
        """One object below the repository."""
        return self._ask("GET", self._below(path)).json()

    def all(self, path: str, **parameters: str) -> Iterator[Any]:
        """Every entry of a list below the repository, page by page."""
        query = httpx.QueryParams({**parameters, "per_page": _PAGE})
        url: str | None = f"{self._below(path)}?{query}"
        for _ in range(_MOST_PAGES):
            if url is None:
                return
            answer = self._ask("GET", url)
            found = answer.json()
            # Artifacts come with their count, everything else as a plain list.
            yield from found if isinstance(found, list) else next(v for v in found.values() if isinstance(v, list))
            url = self._next(answer)

    def post(self, path: str, body: Json) -> Any:
        """Make something; TroubleError where it may have been made or not."""
        return self._ask("POST", self._below(path), body).json()

    def patch(self, path: str, body: Json) -> Any:
        """Change something."""
        return self._ask("PATCH", self._below(path), body).json()

    def _below(self, path: str) -> str:
        return f"/repos/{self.repository}{path}"

    def _next(self, answer: httpx.Response) -> str | None:
        url = answer.links.get("next", {}).get("url")
        # The token goes nowhere else, whatever an answer says.
        return url if url and _origin(url) == _origin(self.url) else None

    def _ask(self, method: str, url: str, body: Json | None = None) -> httpx.Response:
        for attempt in range(1, _ATTEMPTS + 1):
            answer: httpx.Response | None = None
            try:
                answer = self._client.request(method, url, json=body)
            except httpx.TransportError as error:
                reason = f"cannot be reached ({type(error).__name__})"
            else:
                reason = f"answered {answer.status_code}"
            if answer is not None and answer.is_success:
                return answer
            wait = self._wait(method, answer, attempt)
            if wait is None or attempt == _ATTEMPTS:
                raise self._error(method, url, answer, reason)
            self.sleep(wait)
        raise AssertionError  # the last attempt raises

    def _wait(self, method: str, answer: httpx.Response | None, attempt: int) -> float | None:
        """How long to wait before asking again, in seconds; None where that would not help, or might do it twice."""
        if answer is None or answer.status_code >= _TROUBLE:
            return None if method == "POST" else float(2**attempt)
        if not _is_limit(answer):
            return None
        seconds = _seconds(answer)
        return seconds if seconds <= _LONGEST_WAIT else None

    def _error(self, method: str, url: str, answer: httpx.Response | None, reason: str) -> GitHubError:
        what = f"{method} {httpx.URL(url).path}"
        if answer is None or answer.status_code >= _TROUBLE:
            return TroubleError(f"GitHub {reason} to {what}; run the job again.")
        if _is_limit(answer):
            return GitHubError(
                f"GitHub's rate limit is used up ({what}); run the job again in {_seconds(answer):.0f} s."
            )
        if answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            return NotAllowedError(f"The token may not do this: {what} was refused with {answer.status_code}.")
        if answer.status_code == httpx.codes.NOT_FOUND:
            return NotFoundError(f"{what} is not there, or the token may not see it.")
        return GitHubError(f"GitHub {reason} to {what}: {_message(answer)}")


def _origin(url: str) -> tuple[str, str, int | None]:
    parsed = httpx.URL(url)
    return parsed.scheme, parsed.host, parsed.port


def _is_limit(answer: httpx.Response) -> bool:
    limited = "retry-after" in answer.headers or answer.headers.get("x-ratelimit-remaining") == "0"
    return answer.status_code in (httpx.codes.FORBIDDEN, httpx.codes.TOO_MANY_REQUESTS) and limited


def _seconds(answer: httpx.Response) -> float:
    """How long GitHub asks to wait."""
    try:
        if "retry-after" in answer.headers:
            return max(float(answer.headers["retry-after"]), 1)
        return max(float(answer.headers["x-ratelimit-reset"]) - datetime.now(UTC).timestamp(), 1)
    except (KeyError, ValueError):
        return _LONGEST_WAIT


def _message(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        return "it did not say why."
