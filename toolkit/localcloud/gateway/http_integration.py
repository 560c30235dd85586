"""HTTP_PROXY integrations: routes to an upstream over HTTP."""

import asyncio
from urllib.parse import quote, unquote
from wsgiref.util import is_hop_by_hop

import httpx

from toolkit.localcloud.gateway.access_log import Exchange
from toolkit.localcloud.gateway.http_api import Integration
from toolkit.localcloud.gateway.lambda_integration import timeout_message, trace_header
from toolkit.localcloud.gateway.request import IncomingRequest
from toolkit.localcloud.gateway.response import BAD_REQUEST, INTERNAL_ERROR, UNAVAILABLE, Headers, Response, header_text
from toolkit.localcloud.gateway.routing import Match

MAX_RESPONSE_BYTES = 10 * 1024 * 1024
_PATH_SAFE = "/:@!$&'()*+,;=~"
_ALSO_HOP_BY_HOP = frozenset({"proxy-connection", "trailer"})


class HttpIntegration:
    """Forwards a request to an upstream, and returns its response."""

    def __init__(self) -> None:
        self._client = httpx.AsyncClient(
            trust_env=False,  # the API does not use the machine's proxies
            follow_redirects=False,
            timeout=None,  # noqa: S113 - it would apply to each read; the integration's applies to the request
            # A request fails on a reused connection that the upstream closes at that moment.
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def handle(self, request: IncomingRequest, match: Match, exchange: Exchange) -> Response:
        """Return the upstream's response, or API Gateway's error where there is none."""
        integration = match.route.integration
        if _has_dot_segment(request.decoded_path):
            exchange.integration["error"] = (
                "The path has a dot segment or a backslash, by which it could leave the base."
            )
            return BAD_REQUEST
        try:
            sent = httpx.Request(
                integration.method or request.method,
                _url(integration, request, match),
                headers=_forwarded_headers(request),
                content=request.body or None,
            )
            async with asyncio.timeout(integration.timeout_seconds):
                response = await self._send(sent)
        except TimeoutError:
            exchange.integration["error"] = timeout_message(integration)
            return UNAVAILABLE
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            exchange.integration["error"] = f"The upstream did not respond: {type(error).__name__} {error}".strip()
            return UNAVAILABLE
        if response is None:
            exchange.integration["error"] = f"The upstream's response is longer than {MAX_RESPONSE_BYTES} bytes."
            return INTERNAL_ERROR
        exchange.integration |= {"status": str(response.status), "integrationStatus": str(response.status)}
        return response

    async def _send(self, request: httpx.Request) -> Response | None:
        received = await self._client.send(request, stream=True)
        try:
            body = bytearray()
            async for chunk in received.aiter_raw():  # unchanged: compressed stays compressed
                body += chunk
                if len(body) > MAX_RESPONSE_BYTES:
                    return None
        finally:
            await received.aclose()
        if not 200 <= received.status_code <= 599:
            raise httpx.RemoteProtocolError(f"{received.status_code} is not a valid status")
        pairs = _end_to_end(
            tuple((name.decode("ascii").lower(), header_text(value)) for name, value in received.headers.raw)
        )
        if request.method != "HEAD":  # whose response has the length of a GET
            pairs = tuple(pair for pair in pairs if pair[0] != "content-length")
        return Response(received.status_code, pairs, bytes(body))


def _url(integration: Integration, request: IncomingRequest, match: Match) -> str:
    url = integration.target
    path = quote(request.decoded_path, safe=_PATH_SAFE)
    for name, value in match.path_parameters.items():
        text = quote(value, safe=_PATH_SAFE)
        url = url.replace(f"{{{name}}}", text).replace(f"{{{name}+}}", text)
    if any(change.place == "path" for change in integration.changes):
        url = str(httpx.URL(url).join("/")).rstrip("/") + path
    elif match.route.key == "$default":
        url = url.rstrip("/") + path
    return f"{url}{'&' if '?' in url else '?'}{request.query}" if request.query else url


def _has_dot_segment(path: str) -> bool:
    """Return whether a path, decoded as often as it can be, has a segment `.` or `..`, or a backslash.

    Some servers decode once more than API Gateway, take a backslash for a slash, or ignore what follows a `;` in a
    segment. AWS does not document what an HTTP API does with such paths, so an upstream on AWS must also reject them.
    """
    while (decoded := unquote(path)) != path:
        path = decoded
    return "\\" in path or any(segment.partition(";")[0] in (".", "..") for segment in path.split("/"))


def _forwarded_headers(request: IncomingRequest) -> list[tuple[bytes, bytes]]:
    made_here = {"host", "content-length", "forwarded", "via", "x-amzn-trace-id"}
    kept = [pair for pair in _end_to_end(request.headers) if pair[0] not in made_here]
    origin = f"for={request.source_ip};host={request.header('host') or ''};proto=http"
    sent = [
        *kept,
        ("forwarded", origin),
        ("via", "HTTP/1.1 AmazonAPIGateway"),
        ("x-amzn-trace-id", trace_header(request)),
    ]
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in sent]


def _end_to_end(headers: Headers) -> Headers:
    """Return the headers without the hop-by-hop ones: the fixed list, and those that `connection` names."""
    named = {token.strip().lower() for name, value in headers if name == "connection" for token in value.split(",")}
    left_out = named | _ALSO_HOP_BY_HOP
    return tuple(pair for pair in headers if not is_hop_by_hop(pair[0]) and pair[0] not in left_out)
