"""The rules of sessions: who may still call, how often, and what revoking means."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from api.caller import Caller
from api.clock import Clock
from api.cursors import Cursors
from api.errors import ForbiddenError, NotFoundError, RateLimitedError, UnauthenticatedError
from api.telemetry import count

KEPT = timedelta(days=31)
"""Longer than a refresh token (30 days at most) and its last access token live: a revoked session cannot come back."""
_WINDOW_SECONDS = 60


class SessionRevokedError(Exception):
    """The caller's session was revoked."""


class LimitReachedError(Exception):
    """The caller has no request left in this window."""


class Visit(NamedTuple):
    """One request of a caller, to be counted."""

    caller: Caller
    window: int
    """Minutes since the epoch."""
    limit: int
    """Requests per window; 0 for no limit."""
    now: datetime

    @property
    def began(self) -> int:
        """When the session began, in epoch seconds: not after this request, however wrong another clock is."""
        return min(self.caller.signed_in_at, int(self.now.timestamp()))


@dataclass(frozen=True)
class Session:
    """A sign-in that has called this service."""

    id: str
    signed_in_at: datetime
    revoked: bool


class Allowance(NamedTuple):
    """What the caller has left of this window."""

    limit: int
    remaining: int
    reset_seconds: int

    @property
    def headers(self) -> dict[str, str]:
        """The RateLimit fields (draft-ietf-httpapi-ratelimit-headers-06), named as they travel."""
        return {
            "ratelimit-limit": str(self.limit),
            "ratelimit-remaining": str(self.remaining),
            "ratelimit-reset": str(self.reset_seconds),
        }


class SessionRepository(Protocol):
    """Where sessions, revocations and counts are kept, by owner."""

    def count(self, visit: Visit) -> int:
        """Count the request and answer how many the window has; raises SessionRevokedError, LimitReachedError."""

    def page(self, owner: str, after: str | None, limit: int) -> list[Session]:
        """At most `limit` sessions after the one named, by id."""

    def revoke(self, owner: str, session_id: str, now: datetime) -> bool:
        """Revoke one session; False if there is none."""

    def revoke_all(self, owner: str, now: datetime) -> None:
        """Revoke every session that began until now, also those never seen here."""


class SessionService:
    """Admits requests, and lets callers see and end their sessions."""

    def __init__(self, repository: SessionRepository, cursors: Cursors, clock: Clock, limit_per_minute: int) -> None:
        self.repository = repository
        self.cursors = cursors
        self.clock = clock
        self.limit_per_minute = limit_per_minute

    def admit(self, caller: Caller) -> Allowance | None:
        """Count a request in; None where there is no limit. Raises UnauthenticatedError, RateLimitedError."""
        now = self.clock()
        seconds = int(now.timestamp())
        reset = _WINDOW_SECONDS - seconds % _WINDOW_SECONDS
        try:
            used = self.repository.count(Visit(caller, seconds // _WINDOW_SECONDS, self.limit_per_minute, now))
        except SessionRevokedError:
            raise UnauthenticatedError("The session of this token was revoked; sign in again.") from None
        except LimitReachedError:
            count("RequestRateLimited")
            headers = Allowance(self.limit_per_minute, 0, reset).headers | {"Retry-After": str(reset)}
            detail = f"At most {self.limit_per_minute} requests a minute; try again in {reset} seconds."
            raise RateLimitedError(detail, headers=headers) from None
        if not self.limit_per_minute:
            return None
        return Allowance(self.limit_per_minute, max(0, self.limit_per_minute - used), reset)

    def page(self, caller: Caller, limit: int, cursor: str | None) -> tuple[list[Session], str | None]:
        """A page of the caller's sessions and the cursor of the next one, if there is more."""
        _require_user(caller)
        after = None if cursor is None else self.cursors.read(caller.owner, "sessions", cursor)
        found = self.repository.page(caller.owner, after, limit + 1)
        more = len(found) > limit
        return found[:limit], self.cursors.make(caller.owner, "sessions", found[limit - 1].id) if more else None

    def revoke(self, caller: Caller, session_id: str) -> None:
        """End one of the caller's sessions: its access tokens are refused from now on."""
        _require_user(caller)
        if not self.repository.revoke(caller.owner, session_id, self.clock()):
            raise NotFoundError(f"You have no session {session_id}.")
        count("SessionRevoked")

    def revoke_all(self, caller: Caller) -> None:
        """End every session of the caller, this one too."""
        _require_user(caller)
        self.repository.revoke_all(caller.owner, self.clock())
        count("AllSessionsRevoked")


def _require_user(caller: Caller) -> None:
    if caller.is_machine:
        raise ForbiddenError("A machine client has no sessions.")
