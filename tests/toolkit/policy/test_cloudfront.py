"""Path patterns of behaviours against paths of routes."""

import pytest

from toolkit.policy.cloudfront import matches_all, may_match, methods_of, path_of


@pytest.mark.parametrize(
    ("pattern", "route_key", "some", "every"),
    [
        ("*", "GET /items", True, True),
        ("/items", "GET /items", True, True),
        ("items", "GET /items", True, True),
        ("/items/*", "GET /items", False, False),
        ("/items/*", "GET /items/{id}", True, True),
        ("/items/?", "GET /items/{id}", True, False),
        ("/items/*/files", "GET /items/{id}", True, False),
        ("/items/*/files", "GET /items/{id}/files/{file}", True, False),
        ("/static/*", "GET /items/{id}", False, False),
        ("/static/*", "ANY /{proxy+}", True, False),
        ("/static/*", "$default", True, False),
        ("*.js", "GET /items/{id}", True, False),
        ("/Items", "GET /items", False, False),
    ],
)
def test_pattern_matches_some_or_every_request_of_a_route(
    pattern: str, route_key: str, *, some: bool, every: bool
) -> None:
    path = path_of(route_key)
    assert (may_match(pattern, path), matches_all(pattern, path)) == (some, every)


def test_methods_of_a_catch_all_route_are_all_methods() -> None:
    assert methods_of("PUT /items") == {"PUT"}
    assert methods_of("ANY /items") == methods_of("$default") > {"GET", "DELETE", "OPTIONS"}
