"""A request is routed to the most specific route."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.localcloud.gateway.http_api import Integration, Route
from toolkit.localcloud.gateway.request import routed_path
from toolkit.localcloud.gateway.routing import RouteTable

NOWHERE = Integration(kind="AWS_PROXY", target="", method=None, timeout_seconds=30)
SEGMENT = st.text(min_size=1, max_size=8).filter(str.isprintable)


def table(*keys: str) -> RouteTable:
    return RouteTable([Route(key=key, integration=NOWHERE, authorizer=None, scopes=()) for key in keys])


DOCUMENTED = table("GET /pets/dog/1", "GET /pets/dog/{id}", "GET /pets/{proxy+}", "ANY /{proxy+}", "$default")


@pytest.mark.parametrize(
    ("method", "path", "key"),
    [  # the table of API Gateway's developer guide, "Create routes for HTTP APIs"
        ("GET", "/pets/dog/1", "GET /pets/dog/1"),
        ("GET", "/pets/dog/2", "GET /pets/dog/{id}"),
        ("GET", "/pets/cat/1", "GET /pets/{proxy+}"),
        ("POST", "/test/5", "ANY /{proxy+}"),
        ("GET", "/", "$default"),
    ],
)
def test_request_matches_the_documented_route(method: str, path: str, key: str) -> None:
    match = DOCUMENTED.match(method, path)
    assert match is not None
    assert match.route.key == key


@pytest.mark.parametrize("keys", [("ANY /a/{x}", "GET /a/{x}"), ("GET /a/{x}", "ANY /a/{x}")])
def test_exact_method_precedes_any_in_every_order(keys: tuple[str, str]) -> None:
    match = table(*keys).match("GET", "/a/1")
    assert match is not None
    assert match.route.key == "GET /a/{x}"


@pytest.mark.parametrize(
    ("key", "method", "path"),
    [
        ("GET /a", "POST", "/a"),
        ("GET /a", "GET", "/a/"),
        ("GET /a", "GET", "/A"),
        ("GET /a/{id}", "GET", "/a/"),
        ("GET /a/{id}", "GET", "/a/1/2"),
        ("GET /a/{rest+}", "GET", "/a"),
        ("GET /a/{rest+}", "GET", "/a/"),
        ("GET /{example}/thing", "GET", "/a%2Fb/thing"),
        ("GET /a/{id}", "GET", "/a/%3Fid"),
    ],
)
def test_similar_path_or_method_does_not_match(key: str, method: str, path: str) -> None:
    assert table(key).match(method, routed_path(path)) is None


@given(first=SEGMENT, rest=st.lists(SEGMENT, min_size=1, max_size=4))
def test_path_variables_are_decoded_twice(first: str, rest: list[str]) -> None:
    encoded = "/".join(quote(quote(segment, safe=""), safe="") for segment in [first, *rest])
    match = table("GET /{first}/{rest+}").match("GET", routed_path(f"/{encoded}"))
    assert match is not None
    assert match.path_parameters == {"first": first, "rest": "/".join(rest)}


@given(path=st.text(alphabet="abcdefghijklmnopqrstuvwxyz/%{}+", max_size=20))
def test_default_route_matches_every_path(path: str) -> None:
    match = table("$default").match("GET", f"/{path}")
    assert match is not None
    assert match.path_parameters == {}
