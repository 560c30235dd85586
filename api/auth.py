"""Authentication and the rate limit of every route below /api/v1."""

from starlette.types import ASGIApp, Receive, Scope, Send

from api.caller import caller_of
from api.definition import AUTHENTICATED
from api.sessions.service import SessionService


class AuthMiddleware:
    """Requires a caller with verified claims, a session that is not revoked, and requests left; pure ASGI."""

    def __init__(self, app: ASGIApp, sessions: SessionService) -> None:
        self.app = app
        self.sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass an admitted request on. Raise UnauthenticatedError, RateLimitedError."""
        if scope["type"] == "http" and scope["path"].startswith(AUTHENTICATED):
            caller = caller_of(scope.get("aws.event"))
            allowance = self.sessions.admit(caller)
            if allowance is not None:
                scope["response_headers"] += [(k.encode(), v.encode()) for k, v in allowance.headers.items()]
            scope["caller"] = caller
        await self.app(scope, receive, send)
