"""Before anything is created, the doctor names what would stop the first deployment half way."""

import json
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from tests.support.command_line import code_of
from tests.support.stacks import ROOT
from toolkit.engine import cli as engine_cli
from toolkit.pipeline.doctor import first_time
from toolkit.pipeline.doctor.model import CheckResult, Target
from toolkit.pipeline.settings_and_outputs import BOOTSTRAP

CALLER = "123456789012"  # moto's
DEV = Target("dev", ROOT, "eu-central-1", CALLER, None)
DOMAIN = "items-api-dev-111111111111"
STATE = "items-api-bootstrap-state-111111111111"
FILES = {
    "Pulumi.yaml": "name: sample",
    "Pulumi.dev.yaml": "config: {settings: {alarms: {email: team@example.org}, origins: ['https://app.example.com/']}}",
    f"{BOOTSTRAP}/Pulumi.yaml": "name: sample-bootstrap",
    f"{BOOTSTRAP}/Pulumi.dev.yaml": "config: {settings: {repository: {owner: example}}}",
    ".github/CODEOWNERS": "* @example/sample-team",
}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        yield


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a script in the place of the Pulumi CLI."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    def write(script: str) -> None:
        (tmp_path / "pulumi").write_text(f"#!/bin/bash\n{script}\n")
        (tmp_path / "pulumi").chmod(0o755)

    return write


def by_name(checks: Iterator[CheckResult]) -> dict[str, CheckResult]:
    return {check.name: check for check in checks}


def sample(folder: Path, changes: dict[str, str]) -> Target:
    """A checkout whose files have example values, some of them changed."""
    for name, text in (FILES | changes).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return Target("dev", folder, "eu-central-1", CALLER, None)


def test_example_values_are_reported_with_their_places(tmp_path: Path) -> None:
    stack, account, owners = first_time.examples(sample(tmp_path, {}))

    assert [check.ok for check in (stack, account, owners)] == [False, False, False]
    assert stack.detail == "examples: alarms.email (team@example.org), origins (https://app.example.com/)"
    assert account.detail == "examples: repository.owner (example)"
    assert owners.detail == "examples: @example/sample-team"
    assert stack.fix == "write your own values into Pulumi.dev.yaml"


def test_own_values_pass(tmp_path: Path) -> None:
    own = {
        "Pulumi.dev.yaml": "config: {settings: {email: team@myexample.com.au, origin: 'https://example-app.io'}}",
        f"{BOOTSTRAP}/Pulumi.dev.yaml": "config: {settings: {repository: {owner: examples-inc}}}",
        ".github/CODEOWNERS": "* @acme/sample-team",
    }

    assert all(check.ok for check in first_time.examples(sample(tmp_path, own)))


def test_missing_file_of_the_account_is_reported(tmp_path: Path) -> None:
    target = sample(tmp_path, {})
    (tmp_path / BOOTSTRAP / "Pulumi.dev.yaml").unlink()

    check = by_name(first_time.examples(target))[f"Values of {BOOTSTRAP}/Pulumi.dev.yaml"]

    assert (check.ok, check.detail) == (False, "There is no stack 'dev': the stacks are none yet.")


@pytest.mark.parametrize("mark", ["", "v"])
def test_installed_plugin_of_the_provider_passes(install: Callable[[str], None], mark: str, tmp_path: Path) -> None:
    plugins = [{"name": "aws", "kind": "resource", "version": f"{mark}{version('pulumi-aws')}"}]
    install(f"echo '{json.dumps(plugins)}'")

    (check,) = first_time.plugin(sample(tmp_path, {}))

    assert check.ok


@pytest.mark.parametrize(
    ("script", "detail"),
    [
        ("echo '[]'", "is missing; installed: none"),
        ("""echo '[{"name": "aws", "kind": "resource", "version": "6.0.0"}]'""", "is missing; installed: 6.0.0"),
        ("echo nothing", "`pulumi plugin ls`"),
        ("exit 1", ""),
    ],
)
def test_missing_plugin_of_the_provider_is_reported(
    install: Callable[[str], None], script: str, detail: str, tmp_path: Path
) -> None:
    install(script)

    (check,) = first_time.plugin(sample(tmp_path, {}))

    assert not check.ok
    assert detail in check.detail
    assert check.fix


def test_free_names_pass(aws: None) -> None:
    found = by_name(first_time.names(DEV))

    assert found[f"Sign-in domain {DOMAIN}"].ok
    assert found[f"Bucket {STATE}"].ok
    assert all(check.ok for check in found.values())


def test_taken_sign_in_domain_is_reported(aws: None) -> None:
    client = boto3.client("cognito-idp", region_name=DEV.region)
    pool = client.create_user_pool(PoolName="other")["UserPool"]["Id"]
    client.create_user_pool_domain(Domain=DOMAIN, UserPoolId=pool)

    check = by_name(first_time.names(DEV))[f"Sign-in domain {DOMAIN}"]

    assert not check.ok
    assert check.detail.startswith("is in use by")


def test_bucket_of_this_account_passes(aws: None) -> None:
    boto3.client("s3", region_name="us-east-1").create_bucket(Bucket=STATE)

    assert by_name(first_time.names(DEV))[f"Bucket {STATE}"].detail == "is in this account"


def test_bucket_of_another_account_is_reported(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The embedded AWS has one account, so the answer of AWS is written here."""
    client = boto3.client("s3", region_name=DEV.region)
    with Stubber(client) as stubber:
        for _ in range(3):
            stubber.add_client_error("head_bucket", service_error_code="403", http_status_code=403)
        clients = {"s3": client, "cognito-idp": boto3.client("cognito-idp", region_name=DEV.region)}
        monkeypatch.setattr(first_time, "aws_client", lambda name, _region: clients[name])
        check = by_name(first_time.names(DEV))[f"Bucket {STATE}"]

    assert not check.ok
    assert check.detail.startswith("belongs to another account")


def test_command_lists_each_check_as_data_and_exits_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, aws: None
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setattr(engine_cli, "BUILT", tmp_path / "no-pulumi")

    assert code_of("doctor", "dev", "--first-time", "--json") == 1

    checks = {check["name"]: check for check in json.loads(capsys.readouterr().out)["checks"]}
    assert {"Pulumi CLI", "Provider plugin", "Secrets provider", "Account", "AWS credentials"} <= checks.keys()
    assert not {"Package", "Backend", "GitHub"} & checks.keys()
    assert all(check["fix"] for check in checks.values() if not check["ok"])
