"""CORS: which requests are preflights, and the headers of the API's CORS configuration on every response.

With a CORS configuration, API Gateway answers preflights itself, whatever route they match or none, and ignores the
CORS headers of integrations: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html.
A preflight that a route with an authorizer takes (`ANY`, `OPTIONS` or `$default`) is authorized first, and a browser
sends no token with it: 401. The same page says so of `$default`; anomalyco/sst#5493 and
https://arpadt.com/articles/cors-in-http-api observed it with `ANY`. In one early report a function gets the preflights
of an `ANY` route without an authorizer (aws/serverless-application-model#1603, May 2020).
OPTIONS without `Origin` or `Access-Control-Request-Method` is not a preflight: its route handles it.
"""

from toolkit.localcloud.gateway.http_api import Cors
from toolkit.localcloud.gateway.request import IncomingRequest
from toolkit.localcloud.gateway.response import Headers, Response


def is_preflight(request: IncomingRequest) -> bool:
    """Return whether a request is a preflight."""
    return request.method == "OPTIONS" and bool(
        request.header("origin") and request.header("access-control-request-method")
    )


def with_cors(cors: Cors, request: IncomingRequest, response: Response) -> Response:
    """Return the response with the API's own CORS headers; the integration's are ignored, as on AWS."""
    kept = tuple(pair for pair in response.headers if not pair[0].startswith("access-control-"))
    return Response(response.status, (*kept, *_headers(cors, request)), response.body)


def _headers(cors: Cors, request: IncomingRequest) -> Headers:
    origin = _allowed_origin(cors, request.header("origin"))
    if origin is None:
        return ()
    headers = [("access-control-allow-origin", origin)]
    if is_preflight(request):
        headers.append(("access-control-allow-methods", ",".join(cors.allow_methods)))
        headers.append(("access-control-allow-headers", ",".join(cors.allow_headers)))
        headers.append(("access-control-max-age", "" if cors.max_age is None else str(cors.max_age)))
    else:
        headers.append(("access-control-expose-headers", ",".join(cors.expose_headers)))
    if cors.allow_credentials:
        headers.append(("access-control-allow-credentials", "true"))
    return tuple(pair for pair in headers if pair[1])


def _allowed_origin(cors: Cors, origin: str | None) -> str | None:
    """Return the value of access-control-allow-origin; None where the origin is not allowed."""
    if not origin:
        return None
    if origin in cors.allow_origins:
        return origin
    if "*" in cors.allow_origins:
        return "*"
    scheme, separator, _ = origin.partition("://")
    return origin if separator and f"{scheme}://*" in cors.allow_origins else None
