"""A stack that could not be evaluated whole is no silent pass, and its cost names what is missing."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from policies.pack import PACK
from tests.support.command_line import code_of
from tests.support.programs import write_program

STACK_FILE = """
config:
  aws:region: eu-central-1
  aws:allowedAccountIds: ["333333333333"]
  sample:settings: {environment: dev}
  sample:usage: {requests: 0, duration-ms: 0}
"""
REMOTE = """
    import pulumi

    class Vpc(pulumi.ComponentResource):
        def __init__(self):
            super().__init__("awsx:ec2:Vpc", "net", {}, None, True)

    Vpc()
"""
WHY = "is made by a plugin, whose resources are unknown here"
PRICED = STACK_FILE.replace("environment: local", "environment: dev")
"""The cost of a stack whose environment is `local` is not estimated."""


def project(root: Path, program: str, monkeypatch: pytest.MonkeyPatch, stack_file: str = STACK_FILE) -> None:
    write_program(root, program, stack_file=stack_file)
    monkeypatch.chdir(root)


@pytest.mark.parametrize(
    ("program", "gap"),
    [
        (REMOTE, f"net (awsx:ec2:Vpc) {WHY}"),
        ("import pulumi", "program/__main__.py registers no resource and no output"),
    ],
)
def test_verdict_on_a_stack_with_hidden_resources_is_incomplete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], program: str, gap: str
) -> None:
    project(tmp_path, program, monkeypatch)
    monkeypatch.setattr("policies.pack.PACK", replace(PACK, rules=()))

    assert code_of("policies", "dev") == 1
    output = capsys.readouterr().out
    assert output.startswith("sample/dev incomplete: ")
    assert f"not evaluated: {gap}" in output
    assert code_of("policies", "dev", "--json") == 1
    (data,) = json.loads(capsys.readouterr().out)
    assert data["verdict"] == "incomplete"
    (found,) = data["not-evaluated"]
    assert (f"{found['subject']} {found['why']}", found["hides-resources"]) == (gap, True)


def test_stack_with_unknown_values_passes_and_its_verdict_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = "import pulumi, pulumi_aws as aws\npulumi.export('ami', aws.ec2.get_ami_output().id)"
    project(tmp_path, program, monkeypatch)
    monkeypatch.setattr("policies.pack.PACK", replace(PACK, rules=()))

    assert code_of("policies", "dev") == 0
    output = capsys.readouterr().out
    assert output.startswith("sample/dev passed: ")
    assert "not evaluated: aws:ec2/getAmi:getAmi is a function that only the cloud can answer" in output


def test_cost_names_a_remote_component_as_not_priced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path, REMOTE, monkeypatch, PRICED)

    assert code_of("cost", "dev", "--json") == 0
    assert json.loads(capsys.readouterr().out)["not-priced"] == [
        {"urn": "urn:pulumi:dev::sample::awsx:ec2:Vpc::net", "type": "awsx:ec2:Vpc", "why": WHY}
    ]


def test_cost_that_depends_on_something_unknown_is_not_priced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = """
    import pulumi, pulumi_aws as aws
    other = pulumi.StackReference("org/other/dev")
    aws.dynamodb.Table("table", billing_mode=other.get_output("mode"), hash_key="id",
                       attributes=[{"name": "id", "type": "S"}])
    aws.cloudwatch.Dashboard("board", dashboard_name="board", dashboard_body="{}", region=other.get_output("region"))
    """
    project(tmp_path, program, monkeypatch, PRICED)

    assert code_of("cost", "dev", "--json") == 0
    not_priced = {
        one["urn"].rpartition("::")[2]: one["why"] for one in json.loads(capsys.readouterr().out)["not-priced"]
    }
    assert not_priced == {
        "table": "billingMode is unknown before the update",
        "board": "region is unknown before the update",
    }


def test_resource_in_the_region_of_the_default_provider_is_priced_and_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path, "import pulumi_aws as aws\naws.sns.Topic('news')", monkeypatch)

    code_of("policies", "dev", "--json")
    (data,) = json.loads(capsys.readouterr().out)
    rules = {one["rule"] for one in data["findings"]}
    assert rules.isdisjoint({"provider-region", "provider-account"})


def test_compliance_report_on_a_stack_with_hidden_resources_is_not_for_an_auditor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path, REMOTE, monkeypatch)
    monkeypatch.setattr("policies.pack.PACK", replace(PACK, rules=()))

    assert code_of("compliance", "dev") == 1
    assert "dev: Incomplete: 1 part of the stack could not be evaluated" in capsys.readouterr().out
    data = json.loads((tmp_path / "build" / "compliance" / "dev.json").read_text())
    assert data["auditor"]["answer"] == "No, not yet"
    assert f"Not evaluated: net (awsx:ec2:Vpc) {WHY}." in data["auditor"]["remarks"]
    assert [one["hides-resources"] for one in data["not-evaluated"]] == [True]
