"""Each thing that the pipeline needs is looked for, and named with its fix where it is missing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from api.definition import SECRETS
from tests.support.command_line import run_command
from toolkit.pipeline.doctor import aws as aws_checks
from toolkit.pipeline.doctor import machine
from toolkit.pipeline.doctor.model import CheckResult, Target
from toolkit.pipeline.settings_and_outputs import BOOTSTRAP

CALLER = "123456789012"  # moto's


@pytest.fixture
def target(tmp_path: Path) -> Target:
    (tmp_path / "Pulumi.yaml").write_text("name: items-api")
    (tmp_path / BOOTSTRAP).mkdir(parents=True)
    (tmp_path / BOOTSTRAP / "Pulumi.yaml").write_text("name: items-api-bootstrap")
    return Target("dev", tmp_path, "eu-central-1", CALLER, "items-api-bootstrap-workload")


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a script in the place of the Pulumi CLI."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    def install(script: str) -> None:
        (tmp_path / "pulumi").write_text(f"#!/bin/bash\n{script}\n")
        (tmp_path / "pulumi").chmod(0o755)

    return install


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        yield


def by_name(checks: Iterator[CheckResult]) -> dict[str, CheckResult]:
    return {check.name: check for check in checks}


@pytest.mark.parametrize(("version", "ok"), [("v3.260.0", True), ("v3.261.1-dev.0", True), ("v3.259.9", False)])
def test_old_cli_is_reported(version: str, ok: bool, target: Target, cli: Callable[[str], None]) -> None:
    (target.root / ".pulumi.version").write_text("3.260.0\n")
    cli(f"echo {version}")
    check, _ = machine.cli(target)
    assert check.ok == ok
    assert check.detail.startswith(version)
    assert ("3.260.0 or newer" in check.fix) != ok


@pytest.mark.parametrize(
    ("version", "options"),
    [("v3.260.0", "--ignore-protect or --skip-preview"), ("v3.255.0", "never pass --skip-preview")],
)
def test_options_that_bypass_protection_are_listed(
    version: str, options: str, target: Target, cli: Callable[[str], None]
) -> None:
    (target.root / ".pulumi.version").write_text("3.250.0\n")
    cli(f"echo {version}")
    _, protection = machine.cli(target)
    assert protection.ok
    assert protection.detail.endswith(options)


@pytest.mark.parametrize(
    "name", ["PULUMI_OPTION_IGNORE_PROTECT", "PULUMI_OPTION_SKIP_PREVIEW", "PULUMI_SKIP_CONFIRMATIONS"]
)
@pytest.mark.parametrize(("value", "ok"), [("true", False), ("1", False), ("false", True), ("", True)])
def test_variable_that_bypasses_protection_is_reported(
    name: str, value: str, ok: bool, target: Target, cli: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    (target.root / ".pulumi.version").write_text("3.260.0\n")
    cli("echo v3.260.0")
    monkeypatch.setenv(name, value)
    _, protection = machine.cli(target)
    assert protection.ok == ok
    assert ok or protection.fix == f"unset {name}"


def test_missing_version_file_of_the_cli_is_reported(target: Target) -> None:
    (check,) = machine.cli(target)
    assert not check.ok
    assert check.detail.endswith(".pulumi.version cannot be read: No such file or directory.")


def test_stack_file_without_provider_and_secret_is_reported_with_the_fix(target: Target) -> None:
    (target.root / "Pulumi.dev.yaml").write_text("config: {}")
    found = by_name(machine.stack_file(target))
    assert "pulumi stack init dev --secrets-provider" in found["Secrets provider"].fix
    assert "pulumi config set --secret cursor-key --stack dev" in found["Secret cursor-key"].fix


def test_complete_stack_file_passes(target: Target) -> None:
    secrets = "".join(f"  items-api:{name}:\n    secure: v1:abc\n" for name in SECRETS)
    secure = f"config:\n{secrets}secretsprovider: awskms://alias/a?region=eu-central-1"
    (target.root / "Pulumi.dev.yaml").write_text(secure)
    assert all(check.ok for check in machine.stack_file(target))


def test_plaintext_secret_is_reported(target: Target) -> None:
    (target.root / "Pulumi.dev.yaml").write_text("config:\n  items-api:cursor-key: in-clear")
    assert not by_name(machine.stack_file(target))["Secret cursor-key"].ok


def test_example_account_is_reported(target: Target) -> None:
    (target.root / "Pulumi.dev.yaml").write_text("config: {}")
    assert not by_name(machine.stack_file(replace(target, account="111111111111")))["Account"].ok


BACKEND = """case $1 in
whoami) echo '{"url": "s3://state?region=eu-central-1"}' ;;
stack) echo '[{"name": "organization/items-api/dev"}]' ;;
esac"""


def test_state_bucket_without_versioning_is_reported(target: Target, cli: Callable[[str], None], aws: None) -> None:
    cli(BACKEND)
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket="state")
    found = by_name(aws_checks.backend(target))
    assert found["Stack"].ok
    assert "put-bucket-versioning --bucket state" in found["State's versions"].fix
    s3.put_bucket_versioning(Bucket="state", VersioningConfiguration={"Status": "Enabled"})
    assert all(check.ok for check in aws_checks.backend(target))


def test_stack_that_is_missing_in_the_backend_is_reported(
    target: Target, cli: Callable[[str], None], aws: None
) -> None:
    cli(BACKEND)
    found = by_name(aws_checks.backend(replace(target, stack="prod")))
    assert found["Stack"].fix == "pulumi stack init prod"


def test_credentials_of_another_account_are_reported(target: Target, aws: None) -> None:
    (check,) = aws_checks.credentials(replace(target, account="999999999999"))
    assert f"they belong to account {CALLER}, not 999999999999" in check.detail


def test_missing_roles_of_the_account_are_reported_one_by_one(target: Target, aws: None) -> None:
    iam = boto3.client("iam", region_name="us-east-1")
    iam.create_role(RoleName="items-api-bootstrap-plan", AssumeRolePolicyDocument="{}")
    found = by_name(aws_checks.credentials(target))
    assert found["Role items-api-bootstrap-plan"].ok
    for name in ("Role items-api-bootstrap-preview", "Role items-api-bootstrap-deploy-dev", "Permissions boundary"):
        assert "infrastructure/bootstrap/README.md" in found[name].fix


@pytest.mark.parametrize("command", ["doctor", "plan", "deploy", "drift", "unlock"])
def test_missing_stack_is_an_input_error(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: items-api")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}")
    monkeypatch.chdir(tmp_path)
    ended = run_command(command, "nowhere")
    assert ended.exit_code == 2
    assert "There is no stack 'nowhere': the stacks are dev." in ended.output + capfd.readouterr().err
    assert {path.name for path in tmp_path.iterdir()} == {"Pulumi.yaml", "Pulumi.dev.yaml"}


@pytest.mark.parametrize("command", ["doctor", "plan", "deploy", "drift", "unlock"])
def test_every_command_of_the_pipeline_has_help(command: str) -> None:
    ended = run_command(command, "--help")
    assert ended.exit_code == 0
    assert "STACK" in ended.output


@pytest.mark.parametrize("text", ["", "config:\n"])
def test_empty_stack_file_is_reported(text: str, target: Target) -> None:
    (target.root / "Pulumi.dev.yaml").write_text(text)
    checks = by_name(machine.stack_file(target))
    assert not checks["Secrets provider"].ok
    assert not checks["Secret cursor-key"].ok


def test_malformed_endpoint_is_reported(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "x")
    (check,) = aws_checks.credentials(target)
    assert "No AWS client can be created" in check.detail


@pytest.mark.parametrize(
    ("file", "detail"), [("LICENSE", "LICENSE"), ("COPYING.txt", "COPYING.txt"), ("notes", "missing")]
)
def test_missing_licence_is_reported_without_a_failure(file: str, detail: str, target: Target) -> None:
    (target.root / file).write_text("")
    (check,) = machine.licence(target)
    assert check.ok
    assert check.detail.startswith(detail)
