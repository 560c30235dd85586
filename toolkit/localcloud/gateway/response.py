"""Responses, and the ones that API Gateway creates itself."""

import json
from dataclasses import dataclass

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Response:
    """One HTTP response; header names are lower case and may repeat."""

    status: int
    headers: Headers = ()
    body: bytes = b""


def header_text(value: bytes) -> str:
    """Return a header's bytes as text, without loss."""
    return value.decode("utf-8", "surrogateescape")


def header_bytes(value: str) -> bytes:
    """Return the bytes of a header's text."""
    return value.encode("utf-8", "surrogateescape")


def message(status: int, text: str, headers: Headers = ()) -> Response:
    """Return a response of API Gateway itself: a JSON object with a message."""
    body = json.dumps({"message": text}, separators=(",", ":")).encode()
    return Response(status, (("content-type", "application/json"), *headers), body)


PREFLIGHT = Response(204)
BAD_REQUEST = message(400, "Bad Request")
NOT_FOUND = message(404, "Not Found")
FORBIDDEN = message(403, "Forbidden")
TOO_LARGE = message(413, "Request Entity Too Large")
HEAD_TOO_LARGE = message(431, "Request Header Fields Too Large")
TOO_MANY = message(429, "Too Many Requests")
INTERNAL_ERROR = message(500, "Internal Server Error")
# HTTP APIs answer 500 for a function that fails, times out or answers in a wrong format, and 503 where the integration
# is throttled, unreachable or slower than its limit. Lambda's guide has 502 for the first ("Handling Lambda errors
# with an API Gateway API"), which describes REST APIs. HTTP APIs were observed to send 500: awslabs/aws-lambda-cpp#117
# (a failure response), denoland/deno_registry2#87 (a function's timeout, also with Node.js), and API Gateway's guide,
# "Troubleshooting issues with HTTP API Lambda integrations" (a wrong format is `{"message":"Internal Server Error"}`).
UNAVAILABLE = message(503, "Service Unavailable")
