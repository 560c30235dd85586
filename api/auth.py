"""Admission of requests: authentication and rate limit below /api/v1, and the origin key behind CloudFront."""

import hashlib
from collections.abc import Collection
from hmac import compare_digest
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from api.caller import caller_of
from api.definition import AUTHENTICATED
from api.errors import ForbiddenError
from api.problems import problem_response
from api.response_headers import STRICT_HEADERS
from api.sessions.service import SessionService
from api.telemetry import Handler

KEY_HEADER = "x-origin-key"


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


def require_origin_key(handler: Handler, digests: Collection[str]) -> Handler:
    """Return the handler for events whose origin key has one of these SHA-256 digests; others get 403.

    It checks the event, so the application does not run for a request that bypasses CloudFront.
    """

    def invoke(event: Any, context: Any) -> Any:
        key = str((event.get("headers") or {}).get(KEY_HEADER, ""))
        digest = hashlib.sha256(key.encode()).hexdigest()
        if any(compare_digest(digest, known) for known in digests):
            return handler(event, context)
        return _forbidden(str((event.get("requestContext") or {}).get("requestId", "")))

    return invoke


def _forbidden(request_id: str) -> dict[str, Any]:
    error = ForbiddenError("This address does not accept requests. Use the service's own domain name.")
    problem = problem_response(error, request_id)
    headers = {name.decode(): value.decode() for name, value in [*problem.raw_headers, *STRICT_HEADERS]}
    return {
        "statusCode": problem.status_code,
        "headers": headers | {"x-request-id": request_id},
        "body": bytes(problem.body).decode(),
        "isBase64Encoded": False,
    }
