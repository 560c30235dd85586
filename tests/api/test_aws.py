"""The AWS clients have the event handlers of botocore and the credentials of the function."""

import json
import os
import threading
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from botocore.session import Session
from botocore.utils import EVENT_ALIASES

from api.aws import AwsClients
from tests.support.packages import OPERATIONS

EVENTS = (
    "provide-client-params", "before-parameter-build", "before-endpoint-resolution", "before-call", "request-created",
    "choose-signer", "before-sign", "before-send", "response-received", "before-parse", "needs-retry", "after-call",
    "after-call-error", "getattr", "creating-client-class",
)  # fmt: skip
CALLS = [(service, operation) for service, names in OPERATIONS.items() for operation in sorted(names)]


@cache
def clients(service: str) -> tuple[Any, Any]:
    """The client of the function, and the client of botocore with all its handlers."""
    region = "eu-central-1"
    return getattr(AwsClients(region), service), Session().create_client(service, region_name=region)


def done_on(client: Any, event: str) -> list[str]:
    """Return the handlers of an event by name, in the order of their calls."""
    found = client.meta.events._emitter._handlers.prefix_search(event)  # noqa: SLF001 - there is no public look-up
    named = (f"{handler.__module__}.{getattr(handler, '__qualname__', type(handler).__name__)}" for handler in found)
    return [name for name in named if name.startswith("botocore.")]  # Powertools adds its user agent to all clients


@pytest.mark.parametrize(("service", "operation"), CALLS)
def test_client_registers_the_handlers_of_botocore(service: str, operation: str) -> None:
    ours, theirs = clients(service)
    events = [f"{event}.{EVENT_ALIASES.get(service, service)}.{operation}" for event in EVENTS]
    expected = {event: done_on(theirs, event) for event in events}
    assert sum(map(len, expected.values())) >= 10
    assert {event: done_on(ours, event) for event in events} == expected


@pytest.fixture
def no_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment without credentials, on a machine with a credentials file."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    (tmp_path / "credentials").write_text("[default]\naws_access_key_id = key\naws_secret_access_key = secret\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    return monkeypatch


def credentials_of(client: Any) -> Any:
    return client._request_signer._credentials  # noqa: SLF001 - there is no public look at them


def test_credentials_are_read_from_environment_variables(no_credentials: pytest.MonkeyPatch) -> None:
    no_credentials.setenv("AWS_ACCESS_KEY_ID", "own")
    no_credentials.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    no_credentials.setenv("AWS_SESSION_TOKEN", "token")
    found = credentials_of(AwsClients("eu-central-1").dynamodb)
    assert (found.access_key, found.token) == ("own", "token")


class Lambda(BaseHTTPRequestHandler):
    """The endpoint that gives a restored function its credentials."""

    def do_GET(self) -> None:
        known = self.headers["Authorization"] == "pass"
        until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        answer = {"AccessKeyId": "restored", "SecretAccessKey": "secret", "Token": "token", "Expiration": until}
        self.send_response(200 if known else 403)
        self.end_headers()
        self.wfile.write(json.dumps(answer if known else {}).encode())


def test_credentials_with_snapstart_are_read_from_lambda_endpoint(no_credentials: pytest.MonkeyPatch) -> None:
    with HTTPServer(("127.0.0.1", 0), Lambda) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        no_credentials.setenv(
            "AWS_CONTAINER_CREDENTIALS_FULL_URI", f"http://127.0.0.1:{server.server_port}/credentials"
        )
        no_credentials.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "pass")
        assert credentials_of(AwsClients("eu-central-1").dynamodb).access_key == "restored"


@pytest.mark.usefixtures("no_credentials")
def test_credentials_of_other_sources_are_not_used() -> None:
    assert Session().get_credentials() is not None
    assert credentials_of(AwsClients("eu-central-1").dynamodb) is None
