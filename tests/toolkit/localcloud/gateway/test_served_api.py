"""The gateway serves the API as the embedded API Gateway has it."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.functions import deploy
from tests.support.http_apis import ApiBuilder, serving
from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.gateway.http_api import HttpApiError, read_http_api

HELLO = "def handler(event, context):\n    return {'statusCode': 201}"


@pytest.mark.parametrize(
    ("route", "integration", "words"),
    [
        ("GET /_local/mine", "function", "choose a path outside /_local/"),
        ("GET /a", "nothing", "has no integration"),
        ("GET /a", "bare", "needs a function's ARN"),
    ],
)
def test_api_that_cannot_be_served_is_rejected_in_one_sentence(
    cloud: AwsConnection, route: str, integration: str, words: str
) -> None:
    api = ApiBuilder(cloud)
    targets: dict[str, Any] = {
        "function": lambda: api.function(deploy(cloud, HELLO).live),
        "bare": lambda: api.function("no", permitted=False),
    }
    api.route(route, targets.get(integration, lambda: "nothing")())
    with pytest.raises(HttpApiError, match=words):
        read_http_api(cloud, api.id, "123456789012")


def test_new_route_is_served_after_refresh(cloud: AwsConnection, tmp_path: Path) -> None:
    api = ApiBuilder(cloud)
    function = api.function(deploy(cloud, HELLO).live)
    with serving(cloud, api.id, tmp_path) as served, served.client() as client:
        assert client.get("/later").status_code == 404
        api.route("GET /later", function)
        served.refresh()
        assert client.get("/later").status_code == 201


def test_function_at_its_reserved_concurrency_is_unavailable(cloud: AwsConnection, tmp_path: Path) -> None:
    function = deploy(cloud, "def handler(event, context):\n    return 'never'")
    cloud.client("lambda").put_function_concurrency(FunctionName=function.name, ReservedConcurrentExecutions=0)
    api = ApiBuilder(cloud)
    api.route("$default", api.function(function.live))
    with serving(cloud, api.id, tmp_path) as served, served.client() as client:
        answer = client.get("/")
    assert (answer.status_code, answer.json()) == (503, {"message": "Service Unavailable"})
