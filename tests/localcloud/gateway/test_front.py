"""Requests travel from a real client through the front to real workers and back."""

from collections.abc import Iterator

import pytest

from localcloud.connection import AwsConnection
from tests.support.functions import deploy
from tests.support.http_apis import ApiBuilder, Front, Pool, create_pool, serving

ECHO = """
import json
def handler(event, context):
    return {"statusCode": 201, "headers": {"X-Own": "yes"}, "cookies": ["a=1", "b=2"], "body": json.dumps(event)}
"""


@pytest.fixture(scope="module", name="pool")
def _pool(cloud: AwsConnection) -> Pool:
    pool = create_pool(cloud)
    pool.add_user("demo@example.com", "admins")
    return pool


@pytest.fixture(scope="module", name="front")
def _front(cloud: AwsConnection, pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    api = ApiBuilder(cloud)
    function = api.function(deploy(cloud, ECHO).live)
    api.route("GET /public", function)
    api.route("GET /items/{id}", function, api.authorizer(pool))
    with serving(cloud, api.id, tmp_path_factory.mktemp("front")) as front:
        yield front


def test_a_public_route_answers_what_the_function_says(front: Front) -> None:
    with front.client() as client:
        answer = client.get("/public?a=1&a=2")
    assert answer.status_code == 201
    assert answer.headers["x-own"] == "yes"
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert answer.json()["queryStringParameters"] == {"a": "1,2"}


def test_a_signed_in_user_reaches_a_guarded_route_with_its_claims(front: Front, pool: Pool) -> None:
    with front.client() as client:
        answer = client.get("/items/7", headers={"Authorization": f"Bearer {pool.token('demo@example.com')}"})
    event = answer.json()
    assert event["pathParameters"] == {"id": "7"}
    claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
    assert claims["iss"] == pool.issuer
    assert claims["cognito:groups"] == "[admins]"
    assert all(isinstance(value, str) for value in claims.values())


def test_a_guarded_route_wants_a_token(front: Front) -> None:
    with front.client() as client:
        answer = client.get("/items/7")
    assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})
    assert answer.headers["www-authenticate"] == "Bearer"
