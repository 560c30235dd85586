"""The usage profiles of the stack files match what the API does: writes, responses and logs of a request."""

import json
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient

from api.pages import MAX_PAGE_BYTES
from tests.api.conftest import Handler
from tests.api.test_response_size import largest
from tests.api.test_telemetry import Run, run  # noqa: F401 - a fixture
from tests.support.events import http_event, user_claims
from tests.support.responses import Answer
from toolkit.cost.usage import Usage, usage_of
from toolkit.stacks import load_stack_config

ITEMS = "/api/v1/items"
STACKS = ("local", "dev", "staging", "prod")
_WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"}


def profile(stack: str, root: Path) -> Usage:
    return usage_of(load_stack_config(stack, root), "items-api", f"Pulumi.{stack}.yaml")


@pytest.fixture
def operations(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count the calls of AWS by operation."""
    seen: Counter[str] = Counter()
    original: Any = BaseClient._make_api_call  # type: ignore[attr-defined]  # noqa: SLF001 - every call passes here

    def counted(self: Any, operation: str, parameters: Any) -> Any:
        seen[operation] += 1
        return original(self, operation, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", counted)
    return seen


@pytest.mark.parametrize("stack", STACKS)
def test_usage_profile_counts_session_write_of_each_request(
    stack: str, root: Path, call: Callable[..., Answer], ada: dict[str, str], operations: Counter[str]
) -> None:
    """Each request writes the session of the caller; changes of items are additional writes."""
    location = call("POST", ITEMS, claims=ada, body={"name": "Lamp"}).headers["location"]
    requests = [("GET", ITEMS), ("GET", location), ("GET", "/api/v1/me"), ("GET", "/api/v1/sessions")]
    for method, path in requests:
        operations.clear()
        assert call(method, path, claims=ada).status == 200
        assert sum(operations[name] for name in _WRITES) >= 1, (method, path)

    assert profile(stack, root).writes_per_request >= 1


@pytest.mark.parametrize("stack", STACKS)
def test_usage_profile_has_size_of_largest_response(stack: str, root: Path, handler: Handler) -> None:
    claims = user_claims(f"ada-{uuid.uuid4()}")
    for _ in range(4):
        handler(http_event("POST", ITEMS, claims=claims, body=largest("😀")), None)
    page = handler(http_event("GET", ITEMS, claims=claims, query={"limit": "100"}), None)
    document = handler(http_event("GET", "/openapi.json"), None)
    allowed = profile(stack, root).most_response_kb * 1024

    assert max(len(json.dumps(one, ensure_ascii=False).encode()) for one in (page, document)) <= allowed
    assert allowed >= MAX_PAGE_BYTES + 4_096, "the elements of a page, its other fields and its headers"


@pytest.mark.parametrize("stack", STACKS)
def test_usage_profile_has_size_of_longest_log(stack: str, root: Path, run: Run) -> None:  # noqa: F811 - a fixture
    path = f"{ITEMS}/{'x' * 9_000}"
    claims = user_claims("ada")
    for event in (
        http_event("POST", ITEMS, claims=claims, body={"name": "Lamp"}),
        http_event("GET", path, claims=claims),
        http_event("GET", ITEMS, claims=claims, query={"cursor": "c" * 512}),
    ):
        request = event["requestContext"]["requestId"]
        lines = run(("", event), ITEMS_TABLE="gone", SESSIONS_TABLE="gone")
        first = next((number for number, line in enumerate(lines) if request in line), len(lines))
        logged = sum(len(line.encode()) + 26 for line in lines[first:])

        assert logged <= (profile(stack, root).most_log_bytes_per_request or 0)
