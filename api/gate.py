"""The gate before /api/v1: who calls is known before any route runs."""

from starlette.types import ASGIApp, Receive, Scope, Send

from api.caller import caller_of

GUARDED = "/api/v1/"


class Gate:
    """Lets in callers whom the HTTP API's authorizer verified; pure ASGI."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a known caller's request on; raises UnauthenticatedError otherwise."""
        if scope["type"] == "http" and scope["path"].startswith(GUARDED):
            scope["caller"] = caller_of(scope.get("aws.event"))
        await self.app(scope, receive, send)
