"""What callers of a stack lose: each promise once kept, once taken, and the changes that take nothing."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.graphs import graph, resource
from toolkit.pipeline.preview.breaking import breaks_in
from toolkit.pipeline.preview.compare import Side, changes
from toolkit.stacks import Resource

API, ROUTE, STAGE = (f"aws:apigatewayv2/{kind}" for kind in ("api:Api", "route:Route", "stage:Stage"))
CLIENT, POOL = "aws:cognito/userPoolClient:UserPoolClient", "aws:cognito/userPool:UserPool"
FUNCTION = "aws:lambda/function:Function"


def route(key: str, **inputs: Any) -> Resource:
    return resource(key.replace(" ", "-"), ROUTE, inputs={"routeKey": key, "authorizationType": "NONE", **inputs})


def one(type: str, **inputs: Any) -> Resource:
    return resource("it", type, inputs=inputs)


def taken(before: list[Resource], after: list[Resource]) -> list[str]:
    old, new = (Side(graph(*found), Path("/x")) for found in (before, after))
    return [f"{each.where}: {each.what}" for each in breaks_in(old, new, changes(old, new))]


def test_removed_route_and_removed_method_break() -> None:
    before = [route("GET /a"), route("PUT /a"), route("GET /b")]
    assert taken(before, [route("GET /a")]) == ["PUT /a: the method is removed", "GET /b: the route is removed"]


@pytest.mark.parametrize(
    "key", ["$default", "ANY /items/{id}", "GET /{proxy+}", "GET /items/{proxy+}", "GET /items/{n}"]
)
def test_removed_route_covered_by_another_breaks_nothing(key: str) -> None:
    assert taken([route("GET /items/{id}")], [route(key)]) == []


@pytest.mark.parametrize("key", ["POST /{proxy+}", "ANY /items", "GET /other/{proxy+}"])
def test_route_for_other_requests_does_not_cover_a_removed_one(key: str) -> None:
    assert len(taken([route("GET /items/{id}")], [route(key)])) == 1


def test_added_route_breaks_nothing() -> None:
    assert taken([route("GET /a")], [route("GET /a"), route("GET /b")]) == []


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ({}, {"authorizationType": "JWT"}, "an authorizer is added (JWT): calls without a token are rejected"),
        (
            {"authorizationType": "JWT"},
            {"authorizationType": "AWS_IAM"},
            "the authorization changes from JWT to AWS_IAM",
        ),
        ({}, {"apiKeyRequired": True}, "an API key is required"),
        (
            {"authorizationType": "JWT"},
            {"authorizationType": "JWT", "authorizationScopes": ["a"]},
            "the scope that a token needs changes from none to a",
        ),
        (
            {"authorizationType": "JWT", "authorizationScopes": ["a", "b"]},
            {"authorizationType": "JWT", "authorizationScopes": ["b"]},
            "the scope that a token needs changes from a or b to b",
        ),
    ],
)
def test_route_with_a_new_requirement_breaks(before: Any, after: Any, what: str) -> None:
    assert taken([route("GET /a", **before)], [route("GET /a", **after)]) == [f"GET /a: {what}"]


@pytest.mark.parametrize(
    ("type", "before", "after", "what"),
    [
        (
            API,
            {"corsConfiguration": {"allowOrigins": ["https://a", "https://b"]}},
            {"corsConfiguration": {"allowOrigins": ["https://b"]}},
            "the CORS origin https://a is removed",
        ),
        (API, {"corsConfiguration": {"allowMethods": ["GET"]}}, {}, "the CORS method GET is removed"),
        (
            API,
            {"disableExecuteApiEndpoint": False},
            {"disableExecuteApiEndpoint": True},
            "the execute-api address is disabled",
        ),
        (
            "aws:apigatewayv2/integration:Integration",
            {"payloadFormatVersion": "2.0"},
            {"payloadFormatVersion": "1.0"},
            "the payload format changes: the function receives another event",
        ),
        (
            "aws:apigatewayv2/integration:Integration",
            {},
            {"timeoutMilliseconds": 5000},
            "the timeout in milliseconds is lowered from 30000 to 5000",
        ),
        (FUNCTION, {"timeout": 10}, {"timeout": 3}, "the timeout in seconds is lowered from 10 to 3"),
        (
            FUNCTION,
            {"environment": {"variables": {"RATE_LIMIT_PER_MINUTE": "300"}}},
            {"environment": {"variables": {"RATE_LIMIT_PER_MINUTE": "30"}}},
            "RATE_LIMIT_PER_MINUTE is lowered from 300 to 30",
        ),
        (
            CLIENT,
            {"callbackUrls": ["https://a/x"]},
            {"callbackUrls": ["https://b/x"]},
            "the callback URL https://a/x is removed",
        ),
        (
            CLIENT,
            {"allowedOauthScopes": ["openid", "email"]},
            {"allowedOauthScopes": ["openid"]},
            "the OAuth scope email is removed",
        ),
        (
            "aws:cognito/resourceServer:ResourceServer",
            {"scopes": [{"scopeName": "r"}, {"scopeName": "w"}]},
            {"scopes": [{"scopeName": "r"}]},
            "the scope w is removed",
        ),
        (POOL, {"mfaConfiguration": "OPTIONAL"}, {"mfaConfiguration": "ON"}, "a second factor is required to sign in"),
        (
            "aws:apigatewayv2/domainName:DomainName",
            {},
            {"mutualTlsAuthentication": {"truststoreUri": "s3://b/k"}},
            "a client certificate is required",
        ),
        (
            "aws:lambda/functionUrl:FunctionUrl",
            {"authorizationType": "NONE"},
            {"authorizationType": "AWS_IAM"},
            "requests must be signed (AWS_IAM)",
        ),
        (
            "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
            {"corsRules": [{"allowedOrigins": ["https://a"]}]},
            {"corsRules": [{"allowedOrigins": []}]},
            "the CORS origin or method https://a is removed",
        ),
    ],
)
def test_changed_property_that_callers_rely_on_breaks(type: str, before: Any, after: Any, what: str) -> None:
    assert taken([one(type, **before)], [one(type, **after)]) == [f"it: {what}"]


def test_new_wildcard_removes_no_origin() -> None:
    before, after = ({"corsConfiguration": {"allowOrigins": [origin]}} for origin in ("https://a", "*"))
    assert taken([one(API, **before)], [one(API, **after)]) == []


@pytest.mark.parametrize(
    ("type", "noun"),
    [
        (API, "HTTP API"),
        (STAGE, "stage"),
        (CLIENT, "app client"),
        (POOL, "user pool"),
        ("aws:route53/record:Record", "DNS record"),
    ],
)
def test_removed_resource_that_callers_name_breaks(type: str, noun: str) -> None:
    assert taken([one(type)], []) == [f"it: the {noun} is removed"]


def test_replaced_app_client_breaks() -> None:
    found = taken([one(CLIENT, generateSecret=False)], [one(CLIENT, generateSecret=True)])
    assert "it: the app client is replaced: its ID or address changes" in found


def stage(*limits: tuple[str, float], default: float = 100) -> Resource:
    settings = [{"routeKey": key, "throttlingRateLimit": rate, "throttlingBurstLimit": 10} for key, rate in limits]
    usual = {"throttlingRateLimit": default, "throttlingBurstLimit": 10}
    return resource("live", STAGE, inputs={"defaultRouteSettings": usual, "routeSettings": settings})


def test_lowered_throttle_breaks_and_share_of_a_new_route_does_not() -> None:
    routes = [route("GET /a"), route("GET /b")]
    before = [*routes, stage(("GET /a", 10), ("GET /b", 10))]
    assert taken(before, [*routes, stage(("GET /a", 9), ("GET /b", 10))]) == []
    assert taken(before, [*routes, stage(("GET /a", 1), ("GET /b", 100))]) == [
        "GET /a: the throttle is lowered by more than a fifth"
    ]


def test_removed_output_breaks() -> None:
    old, new = (
        Side(replace(graph(), outputs=dict.fromkeys(names, "x")), Path("/x")) for names in (("url", "id"), ("id",))
    )
    assert [each.where for each in breaks_in(old, new, ())] == ["output url"]


def test_unchanged_and_new_stacks_break_nothing() -> None:
    same = [one(API, corsConfiguration={"allowOrigins": ["https://a"]}), route("GET /a"), stage(("GET /a", 1))]
    assert taken(same, same) == []
    assert taken([], same) == []


def test_additional_alternative_scope_breaks_nothing() -> None:
    few, many = (route("GET /a", authorizationType="JWT", authorizationScopes=[*scopes]) for scopes in ("a", "ab"))
    assert taken([few], [many]) == []
