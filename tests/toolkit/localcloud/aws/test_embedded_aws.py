"""The embedded AWS's process: it starts on a free port, ends with its parent, and hands out functions' code."""

import io
import subprocess
import sys
import textwrap
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.support.aws import shared_aws, unique
from toolkit.localcloud.aws import EmbeddedAws, EmbeddedAwsError
from toolkit.localcloud.aws.patches.dynamodb import one_at_a_time
from toolkit.localcloud.embedded_client import call_embedded_route

ROOT = Path(__file__).parents[4]


def test_port_in_use_is_reported_in_one_sentence() -> None:
    port = int(shared_aws().endpoint_url.rpartition(":")[2])
    with pytest.raises(EmbeddedAwsError, match=rf"did not start on 127\.0\.0\.1:{port}: .*in use"):
        EmbeddedAws(port=port).start()


def test_account_has_the_requested_id() -> None:
    with EmbeddedAws(account_id="222222222222") as aws:
        assert aws.connection.client("sts").get_caller_identity()["Account"] == "222222222222"


def test_environment_variables_of_moto_do_not_reach_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("S3_UPLOAD_PART_MIN_SIZE", "MOTO_ACM_VALIDATION_WAIT", "INITIAL_NO_AUTH_ACTION_COUNT"):
        monkeypatch.setenv(name, "nonsense")
    with EmbeddedAws() as aws:
        assert aws.connection.client("s3").list_buckets()["Buckets"] == []


def test_process_ends_when_its_parent_is_killed() -> None:
    parent = textwrap.dedent(
        """
        import os, signal
        from toolkit.localcloud.aws import EmbeddedAws
        aws = EmbeddedAws()
        aws.start()
        print(aws.endpoint_url, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    done = subprocess.run([sys.executable, "-c", parent], cwd=ROOT, capture_output=True, text=True, check=False)
    address = done.stdout.strip()
    assert address.startswith("http://127.0.0.1:"), done.stderr

    def answers() -> bool:
        try:
            with httpx.Client(trust_env=False, timeout=5) as client:
                client.get(address)
        except httpx.TransportError:
            return False
        return True

    for _ in range(200):
        if not answers():
            return
        time.sleep(0.05)
    pytest.fail("the embedded AWS outlives its parent")


def test_dynamodb_calls_are_handled_one_at_a_time() -> None:
    inside: list[int] = []
    together: list[int] = []

    def call(number: int) -> None:
        inside.append(number)
        together.append(len(inside))
        time.sleep(0.002)
        inside.remove(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one_at_a_time(call), range(32)))
    assert set(together) == {1}


def zipped(content: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as bundle:
        bundle.writestr("main.py", content)
    return buffer.getvalue()


def test_each_version_of_a_function_returns_its_published_code() -> None:
    aws = shared_aws()
    iam, functions = aws.connection.client("iam"), aws.connection.client("lambda")
    trust = '{"Version": "2012-10-17", "Statement": []}'
    role = iam.create_role(RoleName=unique("role"), AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    name, first, second = unique("function"), zipped("1"), zipped("2")
    functions.create_function(
        FunctionName=name, Role=role, Handler="main.h", Runtime="python3.13", Code={"ZipFile": first}, Publish=True
    )
    functions.update_function_code(FunctionName=name, ZipFile=second, Publish=True)

    def code(version: str) -> httpx.Response:
        return call_embedded_route(aws.connection, f"functions/{name}/{version}/code")

    assert [code(version).content for version in ("1", "2", "$LATEST")] == [first, second, second]
    assert code("3").status_code == 404
