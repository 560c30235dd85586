"""Query parameters and headers are parsed completely or rejected."""

from collections.abc import Callable

import pytest

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
    assert call("GET", f"{ITEMS}?limit=05&order=oldest&utm=1", claims=user_claims()).status == 200


@pytest.mark.parametrize(("key", "status"), [("k" * 255, 201), ("a b", 201), ("k" * 256, 422), ("a,b", 422), ("", 422)])
def test_idempotency_key_is_parsed_completely_or_rejected(call: Call, key: str, status: int) -> None:
    headers = {"idempotency-key": key}
    assert call("POST", ITEMS, claims=user_claims(), body={"name": "x"}, headers=headers).status == status
