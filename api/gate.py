"""The gate before /api/v1: who calls, whether their session still holds, and whether they call too often."""

from starlette.types import ASGIApp, Receive, Scope, Send

from api.caller import caller_of
from api.sessions.service import SessionService

GUARDED = "/api/v1/"


class Gate:
    """Lets in callers whom the HTTP API's authorizer verified and the session service admits; pure ASGI."""

    def __init__(self, app: ASGIApp, sessions: SessionService) -> None:
        self.app = app
        self.sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass an admitted request on; raises UnauthenticatedError, RateLimitedError."""
        if scope["type"] == "http" and scope["path"].startswith(GUARDED):
            caller = caller_of(scope.get("aws.event"))
            allowance = self.sessions.admit(caller)
            if allowance is not None:
                scope["response_headers"] += [(k.encode(), v.encode()) for k, v in allowance.headers.items()]
            scope["caller"] = caller
        await self.app(scope, receive, send)
