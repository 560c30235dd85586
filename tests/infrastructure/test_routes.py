"""The routes are explicit, and only the allow-listed ones are public."""

from itertools import chain

from infrastructure.routes import function_routes, upstream_routes

PUBLIC = {"GET /", "GET /health", "GET /health/live", "GET /health/ready", "GET /api/health"}
DOCS = {"GET /docs", "GET /docs/oauth2-redirect", "GET /redoc", "GET /openapi.json"}


def test_only_health_and_welcome_are_public_without_docs() -> None:
    assert {route.key for route in function_routes(docs=False) if route.public} == PUBLIC


def test_documentation_pages_are_public_where_they_exist() -> None:
    assert {route.key for route in function_routes(docs=True) if route.public} == PUBLIC | DOCS


def test_no_route_catches_what_is_not_listed() -> None:
    assert not any("$default" in route.key or "+" in route.path for route in function_routes(docs=True))


def test_every_route_has_a_logical_name_of_its_own() -> None:
    routes = [*function_routes(docs=True), *chain(*upstream_routes({"users": "u", "users-2": "v"}).values())]

    assert len({route.label for route in routes}) == len({route.key for route in routes}) == len(routes)


def test_upstream_routes_need_a_token() -> None:
    routes = upstream_routes({"users": "https://users.example"})["users"]

    assert [route.public for route in routes] == [False] * len(routes)


def test_upstream_routes_leave_preflights_to_the_cors_configuration() -> None:
    routes = upstream_routes({"users": "https://users.example"})["users"]

    assert {route.key for route in routes} == {
        f"{method} /upstreams/users/{{proxy+}}" for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
    }
