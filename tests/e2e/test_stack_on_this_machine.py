"""`./stack up` runs the settings of a personal stack: its override, its own secret and its own variable."""

import shutil
from collections.abc import Iterator

import boto3
import pytest

from tests.support.local_stack import ROOT, LocalStackProcess, copy_checkout
from toolkit.localcloud.running import RunningStack

OWN = """    secrets:
      payment-key:
        env: PAYMENT_KEY_ARN
    function:
      environment:
        PAGE_SIZE: "20"
"""
OVERRIDE = "config: {aws:region: us-east-1, settings: {function: {memory-mb: 384}}}"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStackProcess]:
    folder = tmp_path_factory.mktemp("local")
    copy = copy_checkout(folder / "checkout")
    shutil.copytree(ROOT / "build/local", copy / "build/local")
    text = (copy / "Pulumi.dev.yaml").read_text()
    assert text.count("    function:\n") == 1
    (copy / "Pulumi.dev-ana.yaml").write_text(text.replace("    function:\n", OWN))
    (copy / "Pulumi.dev-ana.local.yaml").write_text(OVERRIDE)
    process = LocalStackProcess(folder / "run", root=copy, build="true", arguments=("dev-ana",))
    process.wait_until_ready()
    yield process
    process.stop()


def test_what_cannot_run_is_listed_and_the_override_is_named(stack: LocalStackProcess) -> None:
    printed = stack.words()

    assert "Pulumi.dev-ana.local.yaml overrides settings of dev-ana.\n" in printed
    assert "dev-ana runs as the stack local. What cannot run on this machine:\n" in printed
    assert "  permissions-boundary: the embedded AWS has no bootstrap stack\n" in printed
    assert "  function.runtime python3.13 on arm64: the Python and the CPU of this machine\n" in printed


def test_token_and_api_work_as_in_local(stack: LocalStackProcess) -> None:
    with stack.client(stack.token()) as demo:
        assert demo.get("/api/v1/me").status_code == 200


def test_function_has_the_settings_of_the_stack_and_its_override(stack: LocalStackProcess) -> None:
    running = RunningStack.read(stack.folder)
    session = boto3.Session(running.access_key_id, running.secret_access_key, region_name=running.region)
    lambda_client = session.client("lambda", endpoint_url=running.endpoint_url)
    function = lambda_client.get_function_configuration(FunctionName=running.outputs["function_name"])
    variables = function["Environment"]["Variables"]
    secrets = session.client("secretsmanager", endpoint_url=running.endpoint_url)

    assert running.region == "us-east-1"
    assert function["MemorySize"] == 384
    assert variables["PAGE_SIZE"] == "20"
    assert len(secrets.get_secret_value(SecretId=variables["PAYMENT_KEY_ARN"])["SecretString"]) >= 32
