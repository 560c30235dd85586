"""The application without Lambda, in any ASGI server: no event, so nobody is a caller."""

import asyncio
import uuid
from dataclasses import replace
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from api.main import Repositories, create_app
from api.settings import Settings

NOTHING: Any = None
REPOSITORIES = Repositories(
    items=NOTHING, attachments=NOTHING, files=NOTHING, sessions=NOTHING, tables=NOTHING, cursor_key=NOTHING
)


def get(environment: dict[str, str], path: str, repositories: Repositories = REPOSITORIES) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(Settings.read(environment), repositories))
        async with httpx.AsyncClient(transport=transport, base_url="http://api.example.com") as client:
            return await client.get(path, headers={"Authorization": "Bearer x.y.z", "X-Request-Id": "forged"})

    return asyncio.run(ask())


def test_what_is_open_to_all_is_answered_with_a_request_id_of_its_own(environment: dict[str, str]) -> None:
    answer = get(environment, "/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert uuid.UUID(answer.headers["x-request-id"])
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_without_an_authorizer_nobody_is_let_in(environment: dict[str, str]) -> None:
    for path in ("/api/v1/me", "/api/v1/items", "/api/v1/nothing-here"):
        answer = get(environment, path)
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


def test_a_failure_is_a_problem_with_its_request_id(environment: dict[str, str]) -> None:
    answer = get(environment, "/health/ready")
    assert (answer.status_code, answer.json()["request_id"]) == (500, answer.headers["x-request-id"])


class Refusing:
    """A probe that AWS refuses with this code."""

    def __init__(self, code: str) -> None:
        self.code = code

    def answers(self) -> bool:
        raise ClientError({"Error": {"Code": self.code, "Message": "on the table secret-name"}}, "GetItem")


@pytest.mark.parametrize(
    ("code", "status", "retry_after"), [("ThrottlingException", 503, "1"), ("AccessDeniedException", 500, None)]
)
def test_a_throttle_of_aws_asks_to_come_again_and_nothing_else_does(
    environment: dict[str, str],
    code: str,
    status: int,
    retry_after: str | None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = get(environment, "/health/ready", replace(REPOSITORIES, tables=Refusing(code)))
    assert (answer.status_code, answer.headers.get("retry-after")) == (status, retry_after)
    assert "secret-name" not in answer.text
    # Only a failure of the service's own counts for the alarms that page and that roll a version back.
    assert ('"ServerErrors"' in capsys.readouterr().out) == (status == 500)
