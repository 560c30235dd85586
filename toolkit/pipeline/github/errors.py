"""Map error responses of GitHub to errors; many have the status 403 and differ in text and headers.

Limits: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
"""

import math
from datetime import UTC, datetime

import httpx

from toolkit.stacks.errors import RefusedError

FIRST_WAIT = 60.0
"""Seconds to wait at a secondary limit without a time: at least a minute, then twice as long each time."""
_REFUSING = (httpx.codes.FORBIDDEN, httpx.codes.TOO_MANY_REQUESTS)
_RIGHTS = ("resource not accessible by", "must have admin rights", "must have push access")
_LIMITS = ("rate limit", "abuse detection", "temporarily blocked from content creation")
_REASONS = (
    (("is locked",), "the conversation is locked: unlock it, then run the job again"),
    (("saml", "single sign-on"), "the organization asks for single sign-on: authorize the token for it"),
    (("ip allow list", "ip address"), "the organization's IP allow list does not hold this machine"),
    (("archived",), "the repository is archived, so nothing in it can be written"),
)
_LONGEST_TEXT = 200


class GitHubError(RefusedError):
    """GitHub refused or could not be reached; the message is one sentence."""


class NotAllowedError(GitHubError):
    """The token lacks the permission."""


class NotFoundError(GitHubError):
    """The object does not exist, or the token may not read it."""


class UnknownEffectError(GitHubError):
    """GitHub failed, so it is unknown whether the call took effect."""


def seconds_to_wait(answer: httpx.Response, attempt: int) -> float | None:
    """Return the seconds of a rate limit, at the first, second ... attempt; None for another answer."""
    if answer.status_code not in _REFUSING or _mentions(answer, _RIGHTS) or _reason(answer):
        return None
    try:
        if "retry-after" in answer.headers:
            return _seconds(float(answer.headers["retry-after"]))
        if answer.headers.get("x-ratelimit-remaining") == "0":
            return _seconds(float(answer.headers["x-ratelimit-reset"]) - datetime.now(UTC).timestamp())
    except (KeyError, ValueError):
        return FIRST_WAIT
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or _mentions(answer, _LIMITS):
        return float(FIRST_WAIT * 2 ** (attempt - 1))
    return None


def refusal(what: str, answer: httpx.Response, attempt: int) -> GitHubError:
    """Return the error for an answer that refuses `what`, which names the method and the path."""
    if (seconds := seconds_to_wait(answer, attempt)) is not None:
        return GitHubError(f"GitHub's rate limit is used up ({what}); run the job again in {seconds:.0f} s.")
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        return GitHubError(f"GitHub rejected the token ({what}): it is wrong, revoked or expired.")
    if reason := _reason(answer):
        return GitHubError(f"GitHub refused {what}: {reason}.")
    if answer.status_code == httpx.codes.FORBIDDEN and _mentions(answer, _RIGHTS):
        return NotAllowedError(f"The token may not do this: {what} was refused with 403.")
    if answer.status_code == httpx.codes.NOT_FOUND:
        return NotFoundError(f"{what} was not found, or the token may not read it.")
    if answer.is_redirect:
        return GitHubError(
            f"GitHub answered {answer.status_code} to {what}: it moved, so set GITHUB_REPOSITORY to its new name."
        )
    return GitHubError(f"GitHub answered {answer.status_code} to {what}: {message_of(answer) or 'it gave no reason.'}")


def message_of(answer: httpx.Response) -> str:
    """Return the reason in an answer, as one short line; empty where there is none."""
    try:
        found = answer.json()
    except (ValueError, RecursionError):
        return ""
    text = found.get("message") if isinstance(found, dict) else None
    words = " ".join(text.split()) if isinstance(text, str) else ""
    shown = "".join(letter for letter in words if letter.isprintable())
    return shown if len(shown) <= _LONGEST_TEXT else f"{shown[: _LONGEST_TEXT - 1]}…"


def _seconds(seconds: float) -> float:
    """Return a time to wait: at least a second. Raises ValueError for one that is no finite number."""
    if not math.isfinite(seconds):
        raise ValueError(seconds)
    return max(seconds, 1.0)


def _reason(answer: httpx.Response) -> str:
    if answer.status_code != httpx.codes.FORBIDDEN:
        return ""
    if "x-github-sso" in answer.headers:
        return _REASONS[1][1]
    return next((reason for words, reason in _REASONS if _mentions(answer, words)), "")


def _mentions(answer: httpx.Response, words: tuple[str, ...]) -> bool:
    text = message_of(answer).lower()
    return any(word in text for word in words)
