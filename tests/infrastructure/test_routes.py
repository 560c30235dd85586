"""The routes of the HTTP API are explicit, and only the listed ones are public."""

import json
from itertools import chain

import pytest

from api.definition import AUTHENTICATED, DOCS_ROUTES
from api.openapi import committed
from infrastructure.routes import function_routes, upstream_routes
from policies.bounds import BOUNDS
from toolkit.stacks.settings import Environment


@pytest.mark.parametrize(("environment", "docs"), [("local", True), ("dev", True), ("staging", False), ("prod", False)])
def test_public_routes_are_those_allowed_by_policies(environment: Environment, docs: bool) -> None:
    public = {route.key for route in function_routes(docs=docs) if route.public}

    assert public == BOUNDS[environment].open_routes


def test_routes_of_api_gateway_are_those_of_application() -> None:
    application = {
        f"{method.upper()} {path}"
        for path, operations in json.loads(committed())["paths"].items()
        for method in operations
    }

    assert {route.key for route in function_routes(docs=True)} == application | {route.key for route in DOCS_ROUTES}


def test_public_routes_are_outside_authenticated_prefix() -> None:
    for route in function_routes(docs=True):
        assert route.public != route.path.startswith(AUTHENTICATED), route.key


def test_no_catch_all_route_exists() -> None:
    assert not any("$default" in route.key or "+" in route.path for route in function_routes(docs=True))


def test_every_route_has_a_unique_logical_name() -> None:
    routes = [*function_routes(docs=True), *chain(*upstream_routes({"users": "u", "users-2": "v"}).values())]

    assert len({route.label for route in routes}) == len({route.key for route in routes}) == len(routes)


def test_upstream_routes_need_a_token() -> None:
    routes = upstream_routes({"users": "https://users.example"})["users"]

    assert [route.public for route in routes] == [False] * len(routes)


def test_upstream_routes_do_not_include_preflights() -> None:
    routes = upstream_routes({"users": "https://users.example"})["users"]

    assert {route.key for route in routes} == {
        f"{method} /upstreams/users/{{proxy+}}" for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
    }
