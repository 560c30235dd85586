"""The rules of sessions: revocation and the rate limit."""

from typing import NamedTuple

from api.caller import Caller
from api.clock import Clock
from api.errors import ForbiddenError, NotFoundError, RateLimitedError, UnauthenticatedError
from api.pages import Cursors
from api.sessions.repository import CountedRequest, DynamoSessions, LimitReachedError, Session, SessionRevokedError
from api.telemetry import count

_WINDOW_SECONDS = 60


class Allowance(NamedTuple):
    """The requests that a caller has left in this window."""

    limit: int
    remaining: int
    reset_seconds: int

    @property
    def headers(self) -> dict[str, str]:
        """The RateLimit headers (draft-ietf-httpapi-ratelimit-headers-06), in lower case as HTTP/2 sends them."""
        return {
            "ratelimit-limit": str(self.limit),
            "ratelimit-remaining": str(self.remaining),
            "ratelimit-reset": str(self.reset_seconds),
        }


class SessionService:
    """The rate limit, and the operations on sessions."""

    def __init__(self, repository: DynamoSessions, cursors: Cursors, clock: Clock, limit_per_minute: int) -> None:
        self.repository = repository
        self.cursors = cursors
        self.clock = clock
        self.limit_per_minute = limit_per_minute

    def admit(self, caller: Caller) -> Allowance | None:
        """Count a request. Return None without a limit. Raise UnauthenticatedError, RateLimitedError."""
        now = self.clock()
        seconds = int(now.timestamp())
        reset = _WINDOW_SECONDS - seconds % _WINDOW_SECONDS
        try:
            used = self.repository.count(CountedRequest(caller, seconds // _WINDOW_SECONDS, self.limit_per_minute, now))
        except SessionRevokedError:
            raise UnauthenticatedError("The session of this access token was revoked. Sign in again.") from None
        except LimitReachedError:
            count("RequestRateLimited")
            headers = Allowance(self.limit_per_minute, 0, reset).headers | {"Retry-After": str(reset)}
            detail = f"The limit is {self.limit_per_minute} requests per minute. Try again in {reset} seconds."
            raise RateLimitedError(detail, headers=headers) from None
        if not self.limit_per_minute:
            return None
        return Allowance(self.limit_per_minute, max(0, self.limit_per_minute - used), reset)

    def page(self, caller: Caller, limit: int, cursor: str | None) -> tuple[list[Session], str | None]:
        """Return a page of the caller's sessions, and the cursor of the next page if there is one."""
        _require_user(caller)
        after = None if cursor is None else self.cursors.read(caller.owner, "sessions", cursor)
        sessions = self.repository.page(caller.owner, after, limit + 1)
        more = len(sessions) > limit
        return sessions[:limit], self.cursors.make(caller.owner, "sessions", sessions[limit - 1].id) if more else None

    def revoke(self, caller: Caller, session_id: str) -> None:
        """Revoke a session of the caller: its access tokens are rejected from now on. Raise NotFoundError."""
        _require_user(caller)
        if not self.repository.revoke(caller.owner, session_id, self.clock()):
            raise NotFoundError(f"The session {session_id} does not exist.")
        count("SessionRevoked")

    def revoke_all(self, caller: Caller) -> None:
        """Revoke every session of the caller, the current one included."""
        _require_user(caller)
        self.repository.revoke_all(caller.owner, self.clock())
        count("AllSessionsRevoked")


def _require_user(caller: Caller) -> None:
    if caller.is_machine:
        raise ForbiddenError("Machine clients have no sessions.")
