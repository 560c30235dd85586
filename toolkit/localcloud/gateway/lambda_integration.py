"""AWS_PROXY integrations: routes to a function."""

import asyncio
import re

from toolkit.localcloud.gateway.access_log import Exchange
from toolkit.localcloud.gateway.http_api import STAGE, DeployedHttpApi, Integration, Route
from toolkit.localcloud.gateway.payload import PayloadError, build_event, read_response
from toolkit.localcloud.gateway.request import IncomingRequest
from toolkit.localcloud.gateway.response import INTERNAL_ERROR, TOO_LARGE, UNAVAILABLE, Response
from toolkit.localcloud.gateway.routing import Match
from toolkit.localcloud.runtime import Invocation, InvokeError, LambdaRuntime, new_trace_id

_TRACE = re.compile(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}(;[A-Za-z]{1,32}=[A-Za-z0-9:.-]{0,64}){0,8}", re.ASCII)
"""https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader"""
NOT_PERMITTED = (
    "The IAM role configured on the integration or API Gateway doesn't have permissions to call the integration."
    " Check the permissions and try again."
)
"""https://repost.aws/knowledge-center/api-gateway-http-lambda-integrations; the client gets 500."""


class LambdaIntegration:
    """Invokes the function of a route and reads its response."""

    def __init__(self, runtime: LambdaRuntime) -> None:
        self._runtime = runtime
        self._running: set[asyncio.Task[Invocation]] = set()

    async def close(self) -> None:
        """Cancel invocations in progress."""
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def handle(
        self, api: DeployedHttpApi, request: IncomingRequest, match: Match, exchange: Exchange
    ) -> Response:
        """Return the function's response, or API Gateway's error where there is none."""
        trace_id = trace_header(request)
        event = build_event(api, request, match, exchange.authorization, trace_id)
        try:
            invocation = await self._invoke(api, match.route, event, trace_id)
        except TimeoutError:
            exchange.integration["error"] = timeout_message(match.route.integration)
            return UNAVAILABLE
        except InvokeError as error:
            exchange.integration |= {
                "status": str(error.status),
                "integrationStatus": str(error.status),
                "error": NOT_PERMITTED if error.status == 403 else error.message,
            }
            return {413: TOO_LARGE, 429: UNAVAILABLE}.get(error.status, INTERNAL_ERROR)
        exchange.integration |= {"status": "200", "integrationStatus": "200", "requestId": invocation.request_id}
        if invocation.function_error is not None:
            exchange.integration["error"] = invocation.error_message or "The function failed."
            return INTERNAL_ERROR
        try:
            response = read_response(invocation.payload)
        except PayloadError as error:
            exchange.integration["error"] = (
                f"The response from the Lambda function doesn't match the format that API Gateway expects: {error}."
            )
            return INTERNAL_ERROR
        exchange.integration["status"] = str(response.status)
        return response

    async def _invoke(self, api: DeployedHttpApi, route: Route, event: bytes, trace_id: str) -> Invocation:
        """Invoke the function. After the integration's timeout the function runs on, as on AWS."""
        integration = route.integration
        source = route_arn(api, route)
        task = asyncio.ensure_future(
            self._runtime.invoke(integration.target, event, trace_id=trace_id, source_arn=source)
        )
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        done, _ = await asyncio.wait({task}, timeout=integration.timeout_seconds)
        if not done:
            task.add_done_callback(lambda late: late.cancelled() or late.exception())
            raise TimeoutError
        return task.result()


def route_arn(api: DeployedHttpApi, route: Route) -> str:
    """Return the `aws:SourceArn` of a route's invocations: stage and route key behind the API's ARN.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html names
    `api-id/$default/$default` for the route `$default`.
    """
    region = route.integration.target.split(":")[3]
    method, _, path = route.key.partition(" ")
    return f"arn:aws:execute-api:{region}:{api.account_id}:{api.api_id}/{STAGE}/{method}{path}"


def timeout_message(integration: Integration) -> str:
    """Return the access log's message for an integration that timed out."""
    return f"The integration took longer than {integration.timeout_seconds:g} seconds."


def trace_header(request: IncomingRequest) -> str:
    """Return the X-Ray trace of the request: the caller's where it sent one, else a new one."""
    sent = request.header("x-amzn-trace-id") or ""
    return sent if _TRACE.fullmatch(sent) else new_trace_id()
