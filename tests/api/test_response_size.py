"""Every response fits into the limit of Lambda, on each Python version of its runtime client."""

import json
import uuid
from typing import Any

import pytest
from awslambdaric.lambda_runtime_marshaller import Encoder
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from api import pages
from tests.api.conftest import Handler
from tests.support.events import http_event, user_claims

ITEMS = "/api/v1/items"
MAX_PAGE_BYTES = 6 * 1024 * 1024
"""docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 6 MB for a synchronous invocation's response."""
PYTHONS = [f"AWS_Lambda_python3.{minor}" for minor in (11, 12, 13)]
COUNT = 75


class Content(BaseModel):
    text: str


def largest(filling: str) -> dict[str, Any]:
    """Return the largest accepted item of one character; the name of a blank character begins with another."""
    attributes = {f"{'k' * 62}{index:02}": filling * 256 for index in range(20)}
    tags = [f"{'t' * 30}{index:02}" for index in range(20)]
    return {"name": "n" + filling * 99, "description": filling * 2000, "tags": tags, "attributes": attributes}


def test_largest_page_of_items_fits_into_lambda_response(handler: Handler, monkeypatch: pytest.MonkeyPatch) -> None:
    claims = user_claims(f"ada-{uuid.uuid4()}")

    def ask(method: str, path: str, **more: Any) -> dict[str, Any]:
        response: dict[str, Any] = handler(http_event(method, path, claims=claims, **more), None)
        for python in PYTHONS:
            monkeypatch.setenv("AWS_EXECUTION_ENV", python)
            written = Encoder().encode(response).encode()
            assert len(written) < MAX_PAGE_BYTES, (python, len(written))
        return response

    created = {json.loads(ask("POST", ITEMS, body=largest("😀"))["body"])["id"] for _ in range(COUNT)}
    seen: list[str] = []
    query = {"limit": "100"}
    while True:
        page = json.loads(ask("GET", ITEMS, query=query)["body"])
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        assert page["items"]
        query["cursor"] = page["next_cursor"]
    assert sorted(seen) == sorted(created)


@given(st.text(max_size=50) | st.text('😀é"\\\x01\u2028\uffff\x7f', max_size=50))
def test_runtime_client_encodes_text_in_at_most_three_times_its_bytes(text: str) -> None:
    body = Content(text=text).model_dump_json()
    for python in PYTHONS:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("AWS_EXECUTION_ENV", python)
            assert len(Encoder().encode(body).encode()) <= 3 * len(body.encode())
    assert 3 * pages.MAX_PAGE_BYTES < MAX_PAGE_BYTES - 100_000, "headers and the rest of the response"


@pytest.mark.parametrize(("sizes", "fit"), [([], 0), ([9], 1), ([4, 4], 2), ([4, 5], 1), ([99, 1], 1), ([4, 4, 1], 2)])
def test_page_has_as_many_elements_as_fit_and_at_least_one(
    monkeypatch: pytest.MonkeyPatch, sizes: list[int], fit: int
) -> None:
    monkeypatch.setattr(pages, "MAX_PAGE_BYTES", 10)
    assert len(pages.fitting("x" * size for size in sizes)) == fit
