"""Query parameters and headers are parsed completely or rejected."""

import re
from collections.abc import Callable

import pytest

from api.definition import ROUTES
from tests.support.events import user_claims
from tests.support.responses import Answer

Call = Callable[..., Answer]
ITEMS = "/api/v1/items"


@pytest.mark.parametrize("path", [ITEMS, "/api/v1/sessions"])
@pytest.mark.parametrize(
    ("query", "location"),
    [
        ("limit=1&limit=2", "query.limit"),
        ("cursor=a&cursor=b", "query.cursor"),
        ("limit=1&limit=", "query.limit"),
        ("limit=1_0", "query.limit"),
        ("limit=5.0", "query.limit"),
        ("limit=%2B5", "query.limit"),
        ("limit=+5", "query.limit"),
        ("limit=%D9%A3", "query.limit"),
        ("limit=1,2", "query.limit"),
        ("cursor=a,b", "query.cursor"),
    ],
)
def test_query_parameter_is_parsed_completely_or_rejected(call: Call, path: str, query: str, location: str) -> None:
    answer = call("GET", f"{path}?{query}", claims=user_claims())
    assert (answer.status, [error["location"] for error in answer.json["errors"]]) == (422, [location])


def test_different_parameters_can_be_combined(call: Call) -> None:
    assert call("GET", f"{ITEMS}?limit=05&order=oldest&tag=desk", claims=user_claims()).status == 200


def test_every_route_rejects_unknown_parameters(call: Call) -> None:
    for route in ROUTES:
        method, _, path = route.key.partition(" ")
        address = re.sub(r"\{\w+\}", "0" * 36, path)
        answer = call(method, f"{address}?utm=1&%C3%A9=&{'x' * 300}", claims=user_claims(), body={"name": "x"})
        located = [error["location"] for error in answer.json["errors"]]
        assert (answer.status, located) == (422, ["query.utm", "query.é", f"query.{'x' * 194}"]), route.key


def test_many_unknown_parameters_have_a_short_answer(call: Call) -> None:
    answer = call("GET", f"{ITEMS}?{'&'.join(f'p{number}' for number in range(2000))}", claims=user_claims())
    assert (answer.status, len(answer.json["errors"])) == (422, 20)


def test_unknown_parameter_does_not_hide_a_missing_method(call: Call) -> None:
    assert call("DELETE", f"{ITEMS}?utm=1", claims=user_claims()).status == 405


@pytest.mark.parametrize(("key", "status"), [("k" * 255, 201), ("a b", 201), ("k" * 256, 422), ("a,b", 422), ("", 422)])
def test_idempotency_key_is_parsed_completely_or_rejected(call: Call, key: str, status: int) -> None:
    headers = {"idempotency-key": key}
    assert call("POST", ITEMS, claims=user_claims(), body={"name": "x"}, headers=headers).status == status
