"""The headers of every response: a request id and security headers. A failure becomes a problem document."""

from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.aws import public_error
from api.errors import ApiError, UnavailableError
from api.problems import problem_response
from api.telemetry import count_server_error, logger

Header = tuple[bytes, bytes]
SECURITY_HEADERS: list[Header] = [
    (b"strict-transport-security", b"max-age=63072000; includeSubDomains"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cache-control", b"no-store"),
]
_MAX_LOGGED_PATH = 200
"""Characters of a path in the log: the caller chooses its length."""
STRICT_POLICY: Header = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
STRICT_HEADERS = [*SECURITY_HEADERS, STRICT_POLICY]


class ResponseHeadersMiddleware:
    """The outermost middleware, in pure ASGI: Starlette's `@middleware("http")` costs more than the rest of the app."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its response."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        event = scope.get("aws.event") or {}
        request_id = event.get("requestContext", {}).get("requestId") or str(uuid4())
        extra: list[Header] = []
        scope["request_id"], scope["response_headers"] = request_id, extra
        context = scope.get("aws.context")
        logger.append_keys(request_id=request_id, function_request_id=getattr(context, "aws_request_id", None))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                security = SECURITY_HEADERS if STRICT_POLICY[0] in dict(headers) else STRICT_HEADERS
                message["headers"] = [*headers, *security, *extra, (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except ApiError as error:
            await problem_response(error, request_id)(scope, receive, send_with_headers)
        except Exception as error:
            # botocore's messages name the action and the resource: they belong in the log, never in a response.
            logger.exception(
                "The request failed", extra={"method": scope["method"], "path": scope["path"][:_MAX_LOGGED_PATH]}
            )
            public = public_error(error)
            if not isinstance(public, UnavailableError):
                count_server_error()
            await problem_response(public, request_id)(scope, receive, send_with_headers)
