"""The access log: one line per request, in the format of the stage."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from toolkit.localcloud.gateway.http_api import DeployedHttpApi
from toolkit.localcloud.gateway.payload import AuthorizerContext, claim_text, shared_context
from toolkit.localcloud.gateway.request import IncomingRequest
from toolkit.localcloud.gateway.response import Response

_VARIABLE = re.compile(r"\$context\.([A-Za-z][\w:-]*(?:\.[A-Za-z][\w:-]*)*)")


@dataclass
class Exchange:
    """The data that the gateway collects while it handles a request."""

    route_key: str = "-"
    authorization: AuthorizerContext | None = None
    authorizer_error: str | None = None
    error_message: str | None = None
    integration: dict[str, str] = field(default_factory=dict)


def context(api: DeployedHttpApi, request: IncomingRequest, exchange: Exchange, response: Response) -> dict[str, str]:
    """Return the `$context` variables of a request with a response."""
    return {
        **request_context(api, request, exchange),
        "dataProcessed": str(len(request.body) + len(response.body)),
        "responseLatency": str(int((time.time() - request.received_at) * 1000)),
        "responseLength": str(len(response.body)),
        "status": str(response.status),
    }


def request_context(api: DeployedHttpApi, request: IncomingRequest, exchange: Exchange) -> dict[str, str]:
    """Return the `$context` variables that are known without a response."""
    values = {
        **shared_context(api, request, exchange.route_key),
        "authorizer.error": exchange.authorizer_error,
        "awsEndpointRequestId": exchange.integration.get("requestId"),
        "error.message": exchange.error_message,
        "error.messageString": json.dumps(exchange.error_message) if exchange.error_message else None,
        "extendedRequestId": request.request_id,
        "httpMethod": request.method,
        "identity.sourceIp": request.source_ip,
        "identity.userAgent": request.header("user-agent"),
        "path": request.decoded_path,
        "protocol": request.protocol,
        "requestTime": request.received,
        "requestTimeEpoch": str(int(request.received_at)),
        "integrationErrorMessage": exchange.integration.get("error"),
        "integrationLatency": exchange.integration.get("latency"),
        "integrationStatus": exchange.integration.get("integrationStatus"),
        **{f"integration.{name}": value for name, value in exchange.integration.items()},
    }
    if exchange.authorization is not None:
        claims = exchange.authorization.claims
        values |= {f"authorizer.claims.{name}": claim_text(value) for name, value in claims.items()}
    return {name: value for name, value in values.items() if value}


def render(line_format: str, values: Mapping[str, str]) -> str:
    """Return a stage's format with its variables replaced, unknown ones by `-`. Values are escaped as in JSON."""

    def value(match: re.Match[str]) -> str:
        return json.dumps(values.get(match[1], "-"), ensure_ascii=False)[1:-1]

    return _VARIABLE.sub(value, line_format.strip())
