"""A client of GitHub's REST API with bounded waits, which repeats no POST."""

import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
from pydantic import ValidationError

from toolkit.pipeline.github.errors import (
    GitHubError,
    NotAllowedError,
    NotFoundError,
    UnknownEffectError,
    refusal,
    seconds_to_wait,
)
from toolkit.pipeline.github.responses import Answer, User
from toolkit.pipeline.web_address import is_web_address
from toolkit.stacks.errors import mistakes, shown

__all__ = ["GitHub", "GitHubError", "NotAllowedError", "NotFoundError", "UnknownEffectError"]

Json = Mapping[str, Any]
Form = TypeVar("Form", bound=Answer)
_ATTEMPTS = 4
_LONGEST_WAIT = 240.0
"""Seconds that one call waits in all: a job that publishes has ten minutes."""
_PAGE = 100
_MOST_PAGES = 100
_SERVER_ERROR = 500
_REPOSITORY = re.compile(r"[\w-]+/(?!\.{1,2}$)[\w.-]+", re.ASCII)
_TOKEN = re.compile(r"[!-~]+")
_BOT = "github-actions[bot]"


@dataclass
class GitHub:
    """One repository (`owner/name`) with a token; `report` gets a line before each long wait."""

    repository: str
    token: str = field(repr=False)
    url: str = "https://api.github.com"
    sleep: Callable[[float], None] = time.sleep
    report: Callable[[str], None] = lambda _line: None

    def __post_init__(self) -> None:
        self._client = httpx.Client(
            base_url=self.url,
            headers={
                "Authorization": f"Bearer {self.token}",
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": "2022-11-28",
            },
            timeout=30,
            follow_redirects=False,  # the token goes to no other host
        )

    @classmethod
    def of_environment(cls, report: Callable[[str], None] = lambda _line: None) -> "GitHub":
        """Return the repository of the workflow's run. Raises GitHubError without its variables."""
        found = {name: os.environ.get(name, "") for name in ("GITHUB_TOKEN", "GITHUB_REPOSITORY")}
        if missing := [name for name, value in found.items() if not value]:
            raise GitHubError(f"{' and '.join(missing)} must be set, as a workflow sets them.")
        if not _REPOSITORY.fullmatch(found["GITHUB_REPOSITORY"]):
            raise GitHubError(f"GITHUB_REPOSITORY is {shown(found['GITHUB_REPOSITORY'])}: write owner/name.")
        if not _TOKEN.fullmatch(found["GITHUB_TOKEN"]):
            raise GitHubError("GITHUB_TOKEN holds a character that no token has: set it to the token alone.")
        url = os.environ.get("GITHUB_API_URL") or cls.url
        if not is_web_address(url):
            raise GitHubError(f"GITHUB_API_URL is {shown(url)}: write an address such as {cls.url}.")
        return cls(found["GITHUB_REPOSITORY"], found["GITHUB_TOKEN"], url.rstrip("/"), report=report)

    @property
    def login(self) -> str:
        """Return the account of the token; a workflow's token cannot read it, and is the bot's."""
        try:
            return _read(User, self._request("GET", "/user").json(), "GET /user").login
        except (NotAllowedError, NotFoundError):
            return _BOT

    def get(self, path: str, form: type[Form]) -> Form:
        """Return one object below the repository. Raises GitHubError, also for an answer of another form."""
        return _read(form, self._request("GET", self._below(path)).json(), f"GET {path}")

    def all(self, path: str, form: type[Form], **parameters: str) -> Iterator[Form]:
        """Return every entry of a list below the repository, page by page. Raises GitHubError as `get` does."""
        query = httpx.QueryParams({**parameters, "per_page": _PAGE})
        url: str | None = f"{self._below(path)}?{query}"
        for _ in range(_MOST_PAGES):
            if url is None:
                return
            answer = self._request("GET", url)
            for entry in _entries(answer.json(), path):
                yield _read(form, entry, f"GET {path}")
            url = self._next(answer)
        if url is not None:
            raise GitHubError(f"GitHub's list GET {path} has more than {_MOST_PAGES} pages of {_PAGE}.")

    def post(self, path: str, body: Json, form: type[Form]) -> Form:
        """Create an object. Raises UnknownEffectError where it is unknown whether it was created."""
        return _read(form, self._request("POST", self._below(path), body).json(), f"POST {path}")

    def patch(self, path: str, body: Json) -> None:
        """Change something."""
        self._request("PATCH", self._below(path), body)

    def _below(self, path: str) -> str:
        return f"/repos/{self.repository}{path}"

    def _next(self, answer: httpx.Response) -> str | None:
        try:
            url = answer.links.get("next", {}).get("url")
            # The token goes to no other host.
            return url if url and _origin(url) == _origin(self.url) else None
        except httpx.InvalidURL:
            raise GitHubError(f"GitHub's list {answer.url.path} names no valid address of its next page.") from None

    def _request(self, method: str, url: str, body: Json | None = None) -> httpx.Response:
        waited = 0.0
        for attempt in range(1, _ATTEMPTS + 1):
            answer: httpx.Response | None = None
            try:
                answer = self._client.request(method, url, json=body)
            except httpx.RequestError as error:
                reason = f"cannot be reached ({type(error).__name__})"
            else:
                reason = f"answered {answer.status_code}"
                if answer.is_success:
                    if _is_json(answer):
                        return answer
                    reason = f"answered {answer.status_code} without JSON"
            if answer is not None and (answer.is_success or answer.status_code >= _SERVER_ERROR):
                answer = None  # it is unknown whether the call took effect
            wait = _wait(method, answer, attempt)
            if wait is None or attempt == _ATTEMPTS or waited + wait > _LONGEST_WAIT:
                what = f"{method} {httpx.URL(url).path}"
                if answer is None:
                    raise UnknownEffectError(f"GitHub {reason} to {what}; run the job again.")
                raise refusal(what, answer, attempt)
            if answer is not None:
                self.report(f"GitHub limits the calls: waiting {wait:.0f} s before the next attempt")
            waited += wait
            self.sleep(wait)
        raise AssertionError  # the last attempt raises


def _wait(method: str, answer: httpx.Response | None, attempt: int) -> float | None:
    """Return the seconds before the next attempt; None where it would not help, or might write twice."""
    if answer is None:
        return None if method == "POST" else float(2**attempt)
    return seconds_to_wait(answer, attempt)


def _is_json(answer: httpx.Response) -> bool:
    try:
        answer.json()
    except (ValueError, RecursionError):
        return False
    return True


def _entries(found: Any, path: str) -> list[Any]:
    """Return the entries of a list, with or without a count around them."""
    lists = [found] if isinstance(found, list) else []
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list)]
    if len(lists) != 1:
        raise GitHubError(f"GitHub's answer to GET {path} is no list.")
    return lists[0]


def _read(form: type[Form], value: Any, what: str) -> Form:
    try:
        return form.model_validate(value)
    except ValidationError as error:
        raise GitHubError(f"GitHub's answer to {what} has another form ({mistakes(error, values=False)[0]}).") from None


def _origin(url: str) -> tuple[str, str, int | None]:
    parsed = httpx.URL(url)
    return parsed.scheme, parsed.host, parsed.port
