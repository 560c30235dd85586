"""Payload format 2.0: a request as the event of a function, and the function's output as a response."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.localcloud.gateway.http_api import STAGE, DeployedHttpApi
from toolkit.localcloud.gateway.request import IncomingRequest
from toolkit.localcloud.gateway.response import Headers, Response
from toolkit.localcloud.gateway.routing import Match

# All other content types are sent as base64, also forms, as on AWS.
_TEXT = re.compile(r"(text/[^;]+|application/(json|xml|javascript|[^;]+\+json|[^;]+\+xml))\s*(;.*)?", re.IGNORECASE)
_SET_BY_THE_SERVER = frozenset({"connection", "content-length", "date", "keep-alive", "transfer-encoding", "upgrade"})


class PayloadError(Exception):
    """The function's response does not have format 2.0."""


@dataclass(frozen=True)
class AuthorizerContext:
    """The token's claims, and its scopes that the route requires."""

    claims: Mapping[str, Any]
    scopes: tuple[str, ...] | None


def build_event(
    api: DeployedHttpApi, request: IncomingRequest, match: Match, authorization: AuthorizerContext | None, trace_id: str
) -> bytes:
    """Return the event for the function, as JSON."""
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": match.route.key,
        "rawPath": request.decoded_path,
        "rawQueryString": request.query,
        "headers": _event_headers(request, trace_id),
        "requestContext": _request_context(api, request, match, authorization),
        "isBase64Encoded": False,
    }
    cookies = [cookie.strip() for name, value in request.headers if name == "cookie" for cookie in value.split(";")]
    if cookies:
        event["cookies"] = [cookie for cookie in cookies if cookie]
    if request.query_parameters:
        event["queryStringParameters"] = request.query_parameters
    if match.path_parameters:
        event["pathParameters"] = dict(match.path_parameters)
    if api.stage_variables:
        event["stageVariables"] = dict(api.stage_variables)
    if request.body:
        event["body"], event["isBase64Encoded"] = _body(request)
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _event_headers(request: IncomingRequest, trace_id: str) -> dict[str, str]:
    left_out = ("cookie", "connection", "transfer-encoding")  # the event has `cookies`, and the complete body
    headers = {name: value for name, value in request.joined_headers.items() if name not in left_out}
    forwarded = headers.get("x-forwarded-for")
    headers["content-length"] = str(len(request.body))
    headers["x-amzn-trace-id"] = trace_id
    headers["x-forwarded-for"] = f"{forwarded}, {request.source_ip}" if forwarded else request.source_ip
    headers["x-forwarded-port"] = str(request.server_port)
    headers["x-forwarded-proto"] = "http"
    return dict(sorted(headers.items()))


def _body(request: IncomingRequest) -> tuple[str, bool]:
    if _TEXT.fullmatch(request.header("content-type") or "") and not request.header("content-encoding"):
        try:
            return request.body.decode(), False
        except UnicodeDecodeError:
            pass  # not text, although declared as such: sent as bytes
    return base64.b64encode(request.body).decode(), True


def shared_context(api: DeployedHttpApi, request: IncomingRequest, route_key: str) -> dict[str, str]:
    """Return the context values that the event and the access log have in common."""
    return {
        "accountId": api.account_id,
        "apiId": api.api_id,
        "domainName": request.host,
        "domainPrefix": request.host.partition(".")[0],
        "requestId": request.request_id,
        "routeKey": route_key,
        "stage": STAGE,
    }


def _request_context(
    api: DeployedHttpApi, request: IncomingRequest, match: Match, authorization: AuthorizerContext | None
) -> dict[str, Any]:
    context: dict[str, Any] = {
        **shared_context(api, request, match.route.key),
        "http": {
            "method": request.method,
            "path": request.decoded_path,
            "protocol": request.protocol,
            "sourceIp": request.source_ip,
            "userAgent": request.header("user-agent") or "",
        },
        "time": request.received,
        "timeEpoch": int(request.received_at * 1000),
    }
    if authorization is not None:
        claims = {name: claim_text(value) for name, value in authorization.claims.items()}
        scopes = None if authorization.scopes is None else list(authorization.scopes)
        context["authorizer"] = {"jwt": {"claims": claims, "scopes": scopes}}
    return context


def claim_text(value: Any) -> str:
    """Return a claim as API Gateway writes it: as text, a list as `[a b]`."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return f"[{' '.join(claim_text(item) for item in value)}]"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, separators=(",", ":"))


def read_response(payload: bytes) -> Response:
    """Return a function's output as a response. Raises PayloadError."""
    try:
        output = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise PayloadError(f"not JSON: {error}") from error
    if not isinstance(output, dict) or "statusCode" not in output:
        text = output if isinstance(output, str) else json.dumps(output, ensure_ascii=False, separators=(",", ":"))
        return Response(200, (("content-type", "application/json"),), text.encode("utf-8", "replace"))
    headers = _response_headers(output)
    if not any(name == "content-type" for name, _ in headers):
        headers = (("content-type", "text/plain;charset=UTF-8"), *headers)
    return Response(_response_status(output["statusCode"]), headers, _response_body(output))


def _response_status(value: Any) -> int:
    text = str(value)
    if isinstance(value, bool) or not re.fullmatch(r"[2-5]\d\d", text):
        raise PayloadError(f"statusCode is {value!r}, not a number from 200 to 599")
    return int(text)


def _response_headers(output: Mapping[str, Any]) -> Headers:
    headers, cookies = output.get("headers") or {}, output.get("cookies") or []
    if not isinstance(headers, dict) or not isinstance(cookies, list):
        raise PayloadError("headers must be an object and cookies a list")
    pairs = [(str(name).lower(), _header_value(value)) for name, value in headers.items()]
    pairs += [("set-cookie", _header_value(cookie)) for cookie in cookies]
    for name, value in pairs:
        if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9a-z-]+", name) or re.search(
            r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]", value
        ):
            raise PayloadError(f"{name!r} is not a valid header")
    return tuple(pair for pair in pairs if pair[0] not in _SET_BY_THE_SERVER)


def _header_value(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    raise PayloadError(f"a header's value is {value!r}, not text")


def _response_body(output: Mapping[str, Any]) -> bytes:
    body = output.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise PayloadError("body must be text")
    if not output.get("isBase64Encoded"):
        return body.encode("utf-8", "replace")
    try:
        return base64.b64decode(body, validate=True)
    except ValueError as error:
        raise PayloadError(f"body is not base64: {error}") from error
