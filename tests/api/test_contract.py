"""Generated requests get the responses that the OpenAPI document describes."""

import json
import re
import uuid
from collections import defaultdict
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import hypothesis
import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase

from api.definition import COLLECTIONS
from api.openapi import HEADERS, committed
from tests.support.events import user_claims
from tests.support.responses import Answer

DOCUMENT = json.loads(committed())
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
OPERATIONS: list[Any] = [result.ok() for result in SCHEMA.get_all_operations()]  # type: ignore[union-attr] # or it raises
WITH_INPUT = [each for each in OPERATIONS if each.definition.raw.get("parameters") or each.body]
GUARDED = [each for each in OPERATIONS if "security" in each.definition.raw]
GOOD, BAD = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
FEW_AND_REPEATABLE = hypothesis.settings(
    max_examples=8,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def existing_record(call: Callable[..., Answer], path: str, claims: dict[str, str]) -> dict[str, str]:
    """Create a record of the collection that a path belongs to; return its id by the parameter of the path."""
    for collection in COLLECTIONS:
        parameter = re.match(rf"{re.escape(collection.path)}/{{(\w+)}}", path)
        if parameter:
            body = collection.body(uuid.uuid4().hex)
            return {parameter[1]: call("POST", collection.path, claims=claims, body=body).json["id"]}
    return {}


def send(call: Callable[..., Answer], case: Any, claims: dict[str, str] | None, existing: dict[str, str]) -> Answer:
    path = case.path
    for name, value in (case.path_parameters or {}).items():
        path = path.replace(f"{{{name}}}", quote(existing.get(name, str(value)), safe=""))
    headers = {name.lower(): str(value) for name, value in (case.headers or {}).items()}
    query = {name: value for name, value in (case.query or {}).items() if value is not None}
    body = None if isinstance(case.body, schemathesis.core.NotSet) else case.body
    text = body.decode("latin-1") if isinstance(body, bytes) else None if body is None else json.dumps(body)
    return call(case.method.upper(), path, claims=claims, headers=headers, query=query, body=text)


def resolved(response: dict[str, Any]) -> dict[str, Any]:
    """The response, or the shared one to which it refers."""
    name = response.get("$ref", "").rpartition("/")[2]
    shared: dict[str, Any] = DOCUMENT["components"]["responses"][name] if name else response
    return shared


def holds(promised: dict[str, Any], answer: Answer) -> None:
    """Check schema, media type and headers of a response; the headers of every response are in the description."""
    promised = resolved(promised)
    if contents := promised.get("content", {}):
        content = contents[answer.headers["content-type"]]
        jsonschema.validate(answer.json, content["schema"] | {"components": DOCUMENT["components"]})
        assert answer.status < 400 or answer.headers["content-type"] == "application/problem+json"
    headers = set(promised.get("headers", ()))
    missing = {name for name in headers if name.lower() not in answer.headers}
    silent = {name for name in HEADERS if name.lower() in answer.headers and not name.startswith("RateLimit")} - headers
    assert (missing, silent) == (set(), set())
    assert "x-request-id" in answer.headers


def promises_hold(call: Callable[..., Answer], operation: Any, mode: schemathesis.GenerationMode) -> set[int]:
    """Send generated requests of a caller with one record, and return the statuses."""
    promised, statuses = operation.definition.raw["responses"], set[int]()
    claims = user_claims(f"{mode} {operation.label}") if "security" in operation.definition.raw else None
    existing = existing_record(call, operation.path, claims) if claims and mode is GOOD else {}

    @FEW_AND_REPEATABLE
    @hypothesis.given(operation.as_strategy(generation_mode=mode))
    def check(case: Any) -> None:
        answer = send(call, case, claims, existing)
        statuses.add(answer.status)
        if mode is BAD and answer.status in (404, 405):
            return  # a generated name with a slash in it is another address
        assert str(answer.status) in promised, answer.body
        holds(promised[str(answer.status)], answer)

    check()
    return statuses


@pytest.fixture(scope="session")
def call(start: Callable[..., Any]) -> Any:
    """The function with a limit that no caller reaches."""
    return start(RATE_LIMIT_PER_MINUTE="1000000")


@pytest.fixture(scope="session")
def strict(start: Callable[..., Any]) -> Any:
    """The function with a limit that the second request of a minute reaches."""
    return start(RATE_LIMIT_PER_MINUTE="1")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
def test_valid_requests_get_documented_responses(call: Callable[..., Answer], operation: Any) -> None:
    statuses = promises_hold(call, operation, GOOD)
    assert max(statuses) < 500
    if operation.path.count("{") < 2 and not {"412", "404"} & set(operation.definition.raw["responses"]):
        assert min(statuses) < 300


@pytest.mark.parametrize("operation", WITH_INPUT, ids=lambda each: each.label)
def test_invalid_requests_get_documented_problems(call: Callable[..., Answer], operation: Any) -> None:
    assert max(promises_hold(call, operation, BAD)) < 500


@pytest.mark.parametrize("operation", GUARDED, ids=lambda each: each.label)
def test_rejections_of_callers_are_documented(strict: Callable[..., Answer], operation: Any) -> None:
    method, address = operation.method.upper(), operation.path.format_map(defaultdict(lambda: "0" * 36))
    responses = operation.definition.raw["responses"]
    unknown = strict(method, address)
    assert unknown.status == 401
    holds(responses["401"], unknown)
    for _ in range(3):  # a minute may end between the two requests of a caller
        claims = user_claims(f"eve {uuid.uuid4()}")
        strict("GET", "/api/v1/me", claims=claims)
        limited = strict(method, address, claims=claims)
        if limited.status == 429:
            break
    assert limited.status == 429
    holds(responses["429"], limited)
