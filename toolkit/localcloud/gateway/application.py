"""The gateway as an ASGI application: it handles requests as API Gateway's HTTP APIs do."""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.gateway.access_log import Exchange, context, render, request_context
from toolkit.localcloud.gateway.authorizer import Authorizers, TokenKeys, UnauthorizedError
from toolkit.localcloud.gateway.cors import is_preflight, with_cors
from toolkit.localcloud.gateway.http_api import LOCAL_PREFIX, DeployedHttpApi, read_http_api
from toolkit.localcloud.gateway.http_integration import HttpIntegration
from toolkit.localcloud.gateway.lambda_integration import LambdaIntegration
from toolkit.localcloud.gateway.local_pages import create_local_pages
from toolkit.localcloud.gateway.parameter_mapping import changed_request, variable_lookup
from toolkit.localcloud.gateway.request import IncomingRequest, PathError, decoded
from toolkit.localcloud.gateway.response import (
    BAD_REQUEST,
    FORBIDDEN,
    HEAD_TOO_LARGE,
    NOT_FOUND,
    PREFLIGHT,
    TOO_LARGE,
    TOO_MANY,
    UNAVAILABLE,
    Response,
    header_bytes,
)
from toolkit.localcloud.gateway.routing import Match, RouteTable
from toolkit.localcloud.loopback import is_loopback_host
from toolkit.localcloud.private_files import LogFile
from toolkit.localcloud.runtime import LambdaRuntime
from toolkit.stacks.throttles import Throttle

MAX_BODY_BYTES = 10 * 1024 * 1024
MAX_HEAD_BYTES = 10_240


class TokenBucket:
    """Holds at most `burst` tokens and gains `rate` a second."""

    def __init__(self, throttle: Throttle, clock: Callable[[], float] = time.monotonic) -> None:
        self._throttle = throttle
        self._clock = clock
        self._tokens = float(throttle.burst)
        self._filled_at = clock()

    def take(self) -> bool:
        """Take a token. Return False where there is none."""
        now = self._clock()
        gained = (now - self._filled_at) * self._throttle.rate
        self._tokens = min(float(self._throttle.burst), self._tokens + gained)
        self._filled_at = now
        if self._tokens < 1 or self._throttle.rate <= 0:
            return False
        self._tokens -= 1
        return True


class Gateway:
    """The ASGI application of one API; `refresh` reads the API again, `close` ends the gateway's connections.

    Creating it blocks on the network, and raises HttpApiError.
    """

    def __init__(
        self,
        connection: AwsConnection,
        api_id: str,
        account_id: str,
        runtime: LambdaRuntime,
        access_log: Path,
        sign_in: ASGIApp | None,
    ) -> None:
        self._read = partial(read_http_api, connection, api_id, account_id)
        self._keys = TokenKeys(connection.endpoint_url)
        self._authorizers = Authorizers(self._keys)
        self._lambda = LambdaIntegration(runtime)
        self._http = HttpIntegration()
        self._access_log = LogFile(access_log)
        self._local_pages = create_local_pages(sign_in)
        self._use(self._read())

    async def refresh(self) -> None:
        """Read routes, authorizers, throttles and stage again. Raises HttpApiError, and then keeps the earlier ones."""
        self._use(await asyncio.to_thread(self._read))

    async def close(self) -> None:
        """Cancel requests in progress; close connections and the access log."""
        await self._lambda.close()
        await self._http.close()
        await self._keys.close()
        self._access_log.close()

    def _use(self, api: DeployedHttpApi) -> None:
        self._api = api
        self._routes = RouteTable(api.routes)
        self._buckets: dict[str, TokenBucket] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        # A page on another site must not reach this API under a name of that site (DNS rebinding).
        if not _is_loopback(scope):
            await _send(send, FORBIDDEN, "-")
            return
        if scope["path"].startswith(LOCAL_PREFIX):
            await self._local_pages(scope, receive, send)
            return
        try:
            response, request_id = await self._respond(scope, receive)
        except ClientDisconnect:
            return
        except asyncio.CancelledError:  # a request in progress after Ctrl-C; uvicorn would print a traceback
            response, request_id = UNAVAILABLE, "-"
        await _send(send, response, request_id)

    async def _respond(self, scope: Scope, receive: Receive) -> tuple[Response, str]:
        body = await _body(scope, receive)
        api, request, exchange = self._api, IncomingRequest.from_scope(scope, body or b""), Exchange()
        response = TOO_LARGE if body is None else await self._handle(api, request, exchange)
        if api.cors is not None:
            response = with_cors(api.cors, request, response)
        if api.access_log_format:
            self._access_log.write(render(api.access_log_format, context(api, request, exchange, response)))
        return response, request.request_id

    async def _handle(self, api: DeployedHttpApi, request: IncomingRequest, exchange: Exchange) -> Response:
        if request.head_bytes > MAX_HEAD_BYTES:
            return HEAD_TOO_LARGE
        preflight = api.cors is not None and is_preflight(request)
        try:
            decoded(request.routed_path)
        except PathError:
            return BAD_REQUEST
        if not request.path.startswith("/"):  # `OPTIONS *`, and targets for proxies
            return BAD_REQUEST
        match = self._routes.match(request.method, request.routed_path)
        if match is None:
            return PREFLIGHT if preflight else NOT_FOUND
        exchange.route_key = match.route.key
        if not self._bucket(match.route.key).take():
            return TOO_MANY
        try:
            exchange.authorization = await self._authorizers.authorize(match.route, request)
        except UnauthorizedError as error:
            exchange.authorizer_error = exchange.error_message = str(error)
            return error.response
        if preflight:
            return PREFLIGHT
        begun = time.perf_counter()
        response = await self._integrate(api, request, match, exchange)
        exchange.integration["latency"] = str(int((time.perf_counter() - begun) * 1000))
        return response

    async def _integrate(
        self, api: DeployedHttpApi, request: IncomingRequest, match: Match, exchange: Exchange
    ) -> Response:
        integration = match.route.integration
        if integration.changes:
            context = request_context(api, request, exchange)
            lookup = variable_lookup(request, match.path_parameters, context, api.stage_variables)
            request = changed_request(request, integration.changes, lookup)
        if integration.kind == "HTTP_PROXY":
            return await self._http.handle(request, match, exchange)
        return await self._lambda.handle(api, request, match, exchange)

    def _bucket(self, route_key: str) -> TokenBucket:
        if route_key not in self._buckets:
            self._buckets[route_key] = TokenBucket(self._api.throttle(route_key))
        return self._buckets[route_key]


def _is_loopback(scope: Scope) -> bool:
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    return len(hosts) == 1 and is_loopback_host(hosts[0])


async def _body(scope: Scope, receive: Receive) -> bytes | None:
    """Return the request's body; None where it is longer than API Gateway allows. Raises ClientDisconnect."""
    declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if declared.isdigit() and int(declared) > MAX_BODY_BYTES:
        return None
    body = bytearray()
    async for chunk in Request(scope, receive).stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return None
    return bytes(body)


async def _send(send: Send, response: Response, request_id: str) -> None:
    has_body = response.status >= 200 and response.status not in (204, 304)
    headers = [(name.encode("ascii"), header_bytes(value)) for name, value in response.headers]
    headers.append((b"apigw-requestid", request_id.encode()))
    if has_body and not any(name == "content-length" for name, _ in response.headers):
        headers.append((b"content-length", str(len(response.body)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body if has_body else b""})
