"""The embedded AWS runs functions on the runtime that is connected, and on no other process."""

import json
import secrets
import socket
import threading
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from tests.support.functions import deploy
from toolkit.localcloud.aws import EmbeddedAws
from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.runtime.invoke_channel import RuntimeAddress, RuntimeCall, RuntimeResponse, register


@pytest.fixture(name="alone")
def _alone() -> Iterator[AwsConnection]:
    with EmbeddedAws() as aws:
        yield aws.connection


def test_invoke_fails_without_a_runtime_and_returns_the_response_of_a_registered_one(alone: AwsConnection) -> None:
    function = deploy(alone, "")
    client = alone.client("lambda")
    with pytest.raises(ClientError, match=r"No Lambda runtime is connected: start the local stack with `\./stack up`"):
        client.invoke(FunctionName=function.name)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        secret, calls = secrets.token_urlsafe(32), []

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                calls.append(RuntimeCall.model_validate_json(connection.makefile("rb").readline()))
                connection.sendall(RuntimeResponse(payload=b"Nw==", version="1").model_dump_json().encode() + b"\n")

        register(alone, RuntimeAddress(port=listener.getsockname()[1], secret=secret))
        thread = threading.Thread(target=answer)
        thread.start()
        answered = client.invoke(FunctionName=function.name, Qualifier="live", Payload=b'"x"')
        thread.join()
    assert json.loads(answered["Payload"].read()) == 7
    assert [(call.secret, call.function, call.payload) for call in calls] == [(secret, function.live, b'"x"')]
    with pytest.raises(ClientError, match=r"No Lambda runtime is connected"):
        client.invoke(FunctionName=function.name)
