"""An API with one function behind every kind of route, served by a real gateway."""

import json
from collections.abc import Iterator

import httpx
import pytest

from tests.support.functions import deploy
from tests.support.http_apis import ApiBuilder, Pool, ServedApi, create_pool, serving
from toolkit.localcloud.connection import AwsConnection

FUNCTION = """
import json, os, time
def handler(event, context):
    match event["rawPath"]:
        case "/raise": raise ValueError("secret detail")
        case "/exit": os._exit(1)
        case "/hang": time.sleep(60)
        case "/garbage": return {"statusCode": "many"}
        case "/slow": time.sleep(1)
        case "/own-cors": return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "http://evil.example"}}
        case "/empty": return {"statusCode": 204}
    return {"statusCode": 201, "headers": {"X-Own": "yes"}, "cookies": ["a=1", "b=2"], "body": json.dumps(event)}
"""
LOG_FORMAT = json.dumps(
    {
        "requestId": "$context.requestId",
        "route": "$context.routeKey",
        "status": "$context.status",
        "agent": "$context.identity.userAgent",
        "error": "$context.integrationErrorMessage",
        "sub": "$context.authorizer.claims.sub",
        "unknown": "$context.nothing.such",
    }
)
CORS = {
    "AllowOrigins": ["http://app.example"],
    "AllowMethods": ["GET", "POST"],
    "AllowHeaders": ["authorization"],
    "ExposeHeaders": ["x-own"],
    "MaxAge": 600,
    "AllowCredentials": True,
}


@pytest.fixture(scope="session", name="users")
def _pool(cloud: AwsConnection) -> Pool:
    pool = create_pool(cloud)
    pool.add_user("demo@example.com", "admins")
    return pool


@pytest.fixture(scope="session", name="served")
def _served(cloud: AwsConnection, users: Pool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApi]:
    stage = {
        "AccessLogSettings": {
            "DestinationArn": "arn:aws:logs:us-east-1:123456789012:log-group:a",
            "Format": LOG_FORMAT,
        },
        "RouteSettings": {
            "GET /throttled": {"ThrottlingRateLimit": 0.001, "ThrottlingBurstLimit": 2},
            "GET /closed": {"ThrottlingRateLimit": 0.0, "ThrottlingBurstLimit": 0},
        },
    }
    api = ApiBuilder(cloud, CORS, stage)
    deployed = deploy(cloud, FUNCTION, Timeout=2)
    function = api.function(deployed.live)
    for path in ("public", "raise", "exit", "hang", "garbage", "throttled", "closed", "own-cors", "empty"):
        api.route(f"ANY /{path}" if path == "public" else f"GET /{path}", function)
    api.route("GET /slow", api.function(deployed.live, TimeoutInMillis=200))
    api.route("GET /items/{id}", function, api.authorizer(users))
    api.route("GET /gone", api.function(f"{deployed.arn}:nothing", permitted=False))
    api.route("ANY /down/{proxy+}", api.upstream("http://127.0.0.1:1/{proxy}"))
    with serving(cloud, api.id, tmp_path_factory.mktemp("served")) as served:
        api.route("ANY /echo/{proxy+}", api.upstream(f"{served.url}/_local/echo/deep/{{proxy}}"))
        served.refresh()
        yield served


@pytest.fixture(name="client")
def _client(served: ServedApi) -> Iterator[httpx.Client]:
    with served.client() as client:
        yield client
