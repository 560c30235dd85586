"""The application in an ASGI server without Lambda: there is no event, so no request is authenticated."""

import asyncio
import uuid

import httpx
import pytest
from botocore.exceptions import ClientError

from api.aws import AwsClients
from api.main import create_app
from api.settings import Settings


def get(environment: dict[str, str], path: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(Settings.read(environment), AwsClients("us-east-1")))
        async with httpx.AsyncClient(transport=transport, base_url="http://api.example.com") as client:
            return await client.get(path, headers={"Authorization": "Bearer x.y.z", "X-Request-Id": "forged"})

    return asyncio.run(ask())


def test_public_route_responds_with_its_own_request_id(environment: dict[str, str]) -> None:
    answer = get(environment, "/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert uuid.UUID(answer.headers["x-request-id"])
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_request_without_authorizer_claims_is_401(environment: dict[str, str]) -> None:
    for path in ("/api/v1/me", "/api/v1/items", "/api/v1/nothing-here"):
        answer = get(environment, path)
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


def test_failure_returns_problem_document_with_request_id(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.information.all_readable", lambda *_: 1 // 0)
    answer = get(environment, "/health/ready")
    assert (answer.status_code, answer.json()["request_id"]) == (500, answer.headers["x-request-id"])


@pytest.mark.parametrize(
    ("code", "status", "retry_after"), [("ThrottlingException", 503, "1"), ("AccessDeniedException", 500, None)]
)
def test_throttle_of_aws_is_503_with_retry_after_and_other_errors_are_500(
    environment: dict[str, str],
    code: str,
    status: int,
    retry_after: str | None,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> bool:
        raise ClientError({"Error": {"Code": code, "Message": "on the table secret-name"}}, "GetItem")

    monkeypatch.setattr("api.information.all_readable", fail)
    answer = get(environment, "/health/ready")
    assert (answer.status_code, answer.headers.get("retry-after")) == (status, retry_after)
    assert "secret-name" not in answer.text
    # Only a failure of the service's own counts for the alarms that page and that roll a version back.
    assert ('"ServerErrors"' in capsys.readouterr().out) == (status == 500)
