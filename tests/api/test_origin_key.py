"""Behind CloudFront, only requests with the origin key reach the application."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from api.auth import require_origin_key
from api.response_headers import STRICT_HEADERS
from tests.support.events import http_event

OLD, NEW = "o" * 40, "n" * 40
DIGESTS = [hashlib.sha256(key.encode()).hexdigest() for key in (OLD, NEW)]
PROGRAM = """
import json, sys
from api.lambda_handler import handler
print(json.dumps([handler(event, None)["statusCode"] for event in json.loads(sys.argv[1])]))
"""


def answered(event: dict[str, Any]) -> Any:
    return require_origin_key(lambda _event, _context: "answered", DIGESTS)(event, None)


@pytest.mark.parametrize("key", [OLD, NEW])
def test_request_with_origin_key_is_passed_on(key: str) -> None:
    assert answered({"headers": {"x-origin-key": key}}) == "answered"


@pytest.mark.parametrize(
    "headers",
    [None, {}, {"x-origin-key": ""}, {"x-origin-key": f"{OLD} "}, {"x-origin-key": DIGESTS[0]}, {"x-edge": OLD}],
)
def test_request_without_origin_key_is_403(headers: dict[str, str] | None) -> None:
    answer = answered({"headers": headers, "requestContext": {"requestId": "r-1"}})

    assert (answer["statusCode"], answer["headers"]["content-type"]) == (403, "application/problem+json")
    assert {name.decode(): value.decode() for name, value in STRICT_HEADERS}.items() <= answer["headers"].items()
    assert answer["headers"]["x-request-id"] == "r-1"
    body = json.loads(answer["body"])
    assert (body["type"], body["status"], body["request_id"]) == ("urn:items-api:problem:forbidden", 403, "r-1")


@pytest.mark.parametrize(("digests", "statuses"), [(",".join(DIGESTS), [403, 200]), ("", [200, 200])])
def test_function_requires_origin_key_if_digests_are_set(
    environment: dict[str, str], root: Path, digests: str, statuses: list[int]
) -> None:
    event = http_event("GET", "/health")
    with_key = {**event, "headers": {**event["headers"], "x-origin-key": NEW}}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps([event, with_key])],
        cwd=root,
        env={**environment, "ORIGIN_KEY_DIGESTS": digests},
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(done.stdout.splitlines()[-1]) == statuses
    assert "The priming request failed" not in done.stdout + done.stderr
