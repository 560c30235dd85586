"""A request becomes the event that AWS documents for payload format 2.0."""

import base64
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.localcloud.gateway.http_api import ACCOUNT_THROTTLE, DeployedHttpApi, Integration, Route
from toolkit.localcloud.gateway.payload import AuthorizerContext, build_event
from toolkit.localcloud.gateway.request import IncomingRequest
from toolkit.localcloud.gateway.routing import Match

TRACE = "Root=1-65a00000-000000000000000000000000;Parent=0000000000000000;Sampled=0"
API = DeployedHttpApi(
    api_id="api-id",
    account_id="123456789012",
    routes=(),
    cors=None,
    default_throttle=ACCOUNT_THROTTLE,
    route_throttles={},
    stage_variables={"stageVariable1": "value1"},
)


def match(key: str = "$default", **parameters: str) -> Match:
    integration = Integration(kind="AWS_PROXY", target="", method=None, timeout_seconds=30)
    return Match(Route(key=key, integration=integration, authorizer=None, scopes=()), parameters)


def request(**changes: Any) -> IncomingRequest:
    given: dict[str, Any] = {
        "method": "POST",
        "path": "/path/to/resource",
        "query": "",
        "headers": (("host", "127.0.0.1:8000"),),
        "body": b"",
        "source_ip": "127.0.0.1",
        "server_port": 8000,
        "protocol": "HTTP/1.1",
        "request_id": "id",
        "received_at": 1583348638.390,
    }
    return IncomingRequest(**{**given, **changes})


def event(request: IncomingRequest, match: Match | None = None, authorization: AuthorizerContext | None = None) -> Any:
    return json.loads(build_event(API, request, match or SOME_MATCH, authorization, TRACE))


SOME_MATCH = match()


def test_event_equals_the_documented_one_field_by_field() -> None:
    sent = request(
        path="/my/path",
        query="parameter1=value1&parameter1=value2&parameter2=value",
        headers=(
            ("host", "id.execute-api.us-east-1.amazonaws.com"),
            ("header1", "value1"),
            ("header2", "value1"),
            ("header2", "value2"),
            ("cookie", "cookie1"),
            ("cookie", "cookie2"),
            ("content-type", "text/plain"),
            ("user-agent", "agent"),
        ),
        body=b"Hello from Lambda",
        source_ip="192.0.2.1",
    )
    authorization = AuthorizerContext({"claim1": "value1", "claim2": "value2"}, ("scope1", "scope2"))
    assert event(sent, match(parameter1="value1"), authorization) == {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/my/path",
        "rawQueryString": "parameter1=value1&parameter1=value2&parameter2=value",
        "cookies": ["cookie1", "cookie2"],
        "headers": {
            "content-length": "17",
            "content-type": "text/plain",
            "header1": "value1",
            "header2": "value1,value2",
            "host": "id.execute-api.us-east-1.amazonaws.com",
            "user-agent": "agent",
            "x-amzn-trace-id": TRACE,
            "x-forwarded-for": "192.0.2.1",
            "x-forwarded-port": "8000",
            "x-forwarded-proto": "http",
        },
        "queryStringParameters": {"parameter1": "value1,value2", "parameter2": "value"},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api-id",
            "authorizer": {"jwt": {"claims": {"claim1": "value1", "claim2": "value2"}, "scopes": ["scope1", "scope2"]}},
            "domainName": "id.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "id",
            "http": {
                "method": "POST",
                "path": "/my/path",
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "agent",
            },
            "requestId": "id",
            "routeKey": "$default",
            "stage": "$default",
            "time": "04/Mar/2020:19:03:58 +0000",
            "timeEpoch": 1583348638390,
        },
        "body": "Hello from Lambda",
        "pathParameters": {"parameter1": "value1"},
        "isBase64Encoded": False,
        "stageVariables": {"stageVariable1": "value1"},
    }


def test_fields_missing_in_the_request_are_missing_in_the_event() -> None:
    found = event(request())
    absent = {"body", "cookies", "queryStringParameters", "pathParameters"}
    assert not absent & found.keys()
    assert "authorizer" not in found["requestContext"]


def test_claims_in_the_event_are_text_in_api_gateways_format() -> None:
    claims = {"cognito:groups": ["admins", "staff"], "exp": 1583349317, "email_verified": True, "version": 2}
    jwt = event(request(), None, AuthorizerContext(claims, None))["requestContext"]["authorizer"]["jwt"]
    assert jwt["claims"] == {
        "cognito:groups": "[admins staff]",
        "exp": "1583349317",
        "email_verified": "true",
        "version": "2",
    }
    assert jwt["scopes"] is None


@pytest.mark.parametrize(
    ("content_type", "is_text"),
    [
        ("text/csv; charset=utf-8", True),
        ("application/json", True),
        ("Application/JSON;charset=utf-8", True),
        ("application/problem+json", True),
        ("application/xml", True),
        ("application/javascript", True),
        ("application/x-www-form-urlencoded", False),
        ("multipart/form-data; boundary=b", False),
        ("image/png", False),
        ("application/octet-stream", False),
    ],
)
def test_body_is_text_or_base64_depending_on_its_content_type(content_type: str, *, is_text: bool) -> None:
    found = event(request(body=b"body", headers=(("host", "localhost"), ("content-type", content_type))))
    assert found["isBase64Encoded"] is not is_text
    assert found["body"] == ("body" if is_text else "Ym9keQ==")


@given(body=st.binary(min_size=1, max_size=200), content_type=st.sampled_from(["text/plain", "image/png", ""]))
def test_any_body_is_complete_in_the_event(body: bytes, content_type: str) -> None:
    found = event(request(body=body, headers=(("host", "localhost"), ("content-type", content_type))))
    text = found["body"]
    assert (base64.b64decode(text) if found["isBase64Encoded"] else text.encode()) == body


@given(query=st.dictionaries(st.text(min_size=1), st.lists(st.text(), min_size=1, max_size=3), max_size=4))
def test_repeated_query_parameters_are_decoded_and_joined(query: dict[str, list[str]]) -> None:
    raw = urlencode(query, doseq=True)
    found = event(request(query=raw))
    assert found.get("queryStringParameters", {}) == {name: ",".join(values) for name, values in query.items()}
    assert found["rawQueryString"] == raw


def test_connection_headers_are_not_in_the_event() -> None:
    sent = (("host", "localhost"), ("connection", "keep-alive"), ("transfer-encoding", "chunked"), ("cookie", "a=1"))
    assert not {"connection", "transfer-encoding", "cookie"} & event(request(headers=sent))["headers"].keys()


def test_x_forwarded_for_is_extended() -> None:
    found = event(request(headers=(("host", "localhost"), ("x-forwarded-for", "203.0.113.9"))))
    assert found["headers"]["x-forwarded-for"] == "203.0.113.9, 127.0.0.1"
