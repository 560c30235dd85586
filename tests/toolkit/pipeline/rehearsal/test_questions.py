"""The answers to the open questions: each command is well formed, and the report holds the core of its output."""

import json
import re
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from tests.support.accounts import may
from tests.support.stacks import ROOT
from toolkit.pipeline.rehearsal.model import Context, Facts
from toolkit.pipeline.rehearsal.questions import LONGEST_ANSWER, QUESTIONS, Question, answer_of
from toolkit.pipeline.rehearsal.redaction import ReportRedactor

COMMANDS = {question.name: question for question in QUESTIONS if question.command}
FACTS = {"project": "items-api", "stack": "dev", "region": "eu-central-1", "repository": "acme/items-api"}
DEPLOY_ROLE = "items-api-bootstrap-deploy-dev"


def answered(name: str, output: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the answer to a question whose command prints this."""
    (folder / "output").write_text(output)
    for program in ("aws", "gh"):
        (folder / program).write_text(f"#!/bin/sh\ncat {folder / 'output'}\n")
        (folder / program).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    return answer_of(COMMANDS[name], Context("dev", folder, Facts(FACTS, lambda fact: f"the {fact}")))


def recorded(**more: Any) -> str:
    """Return one record as CloudTrail's LookupEvents has it: JSON in a string."""
    issuer = {"type": "Role", "userName": DEPLOY_ROLE}
    identity = {"type": "AssumedRole", "accountId": "123456789012", "sessionContext": {"sessionIssuer": issuer}}
    return json.dumps({"eventTime": "2026-11-21T02:35:03Z", "userIdentity": identity, **more})


def test_refused_key_is_shown_with_its_error_code_and_without_the_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = recorded(
        errorCode="AccessDenied",
        errorMessage="User: arn:aws:sts::123456789012:assumed-role/a/b is not authorized to perform: kms:TagResource",
    )
    answer = answered("key tags", json.dumps([refused, recorded()]), tmp_path, monkeypatch)
    assert ReportRedactor().text(answer) == (
        f"2026-11-21T02:35:03Z by {DEPLOY_ROLE}: AccessDenied: User: arn:aws:sts::[account]:assumed-role/a/b is not "
        f"authorized to perform: kms:TagResource; 2026-11-21T02:35:03Z by {DEPLOY_ROLE}: no errorCode"
    )


@pytest.mark.parametrize(
    ("output", "answer"),
    [
        ("[]", "no call was recorded"),
        ("null", "not understood: null"),
        ("", "not understood: empty"),
        ('["no JSON"]', 'not understood: ["no JSON"]'),
    ],
)
def test_output_without_a_record_is_an_answer(
    output: str, answer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert answered("key tags", output, tmp_path, monkeypatch) == answer


def test_long_error_does_not_hide_the_next_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = recorded(errorCode="AccessDenied", errorMessage="a" * LONGEST_ANSWER)
    assert answered("key tags", json.dumps([long, recorded()]), tmp_path, monkeypatch).endswith("no errorCode")


@pytest.mark.parametrize(
    "question", [one for one in COMMANDS.values() if one.command.startswith("gh ")], ids=lambda one: one.name
)
def test_github_command_names_the_trusted_repository(question: Question) -> None:
    assert "--repo {repository} " in question.command


def test_simulation_sends_the_tags_that_the_stack_gives_its_keys() -> None:
    command = COMMANDS["key permissions"].command
    sent = re.findall(r"ContextKeyName=aws:RequestTag/(\w+),ContextKeyValues=([^,]+),", command)
    tags = {f"aws:RequestTag/{name}": value.format_map(FACTS) for name, value in sent}
    assert tags == {"aws:RequestTag/project": "items-api", "aws:RequestTag/stack": "dev"}
    simulated = re.findall(r"kms:\w+", command)
    assert simulated
    assert all(may("dev", "deploy-dev", action, **tags) for action in simulated)
    assert not any(may("dev", "deploy-dev", action) for action in simulated)


@pytest.mark.parametrize(
    "question", [one for one in COMMANDS.values() if one.command.startswith("aws ")], ids=lambda one: one.name
)
def test_command_is_an_operation_of_the_service_with_its_parameters(question: Question) -> None:
    _, service, operation, *arguments = question.argv(Facts(FACTS, str))
    model = botocore.session.get_session().get_service_model(service)
    (found,) = (name for name in model.operation_names if xform_name(name, "-") == operation)
    shape = model.operation_model(found).input_shape
    members = {xform_name(name, "-") for name in (shape.members if shape else ())}
    options = {word.removeprefix("--") for word in arguments if word.startswith("--")}
    assert options <= members | {"region", "output", "query"}


def test_setting_that_a_question_names_is_one_of_a_stack_file() -> None:
    groups = json.loads((ROOT / "docs" / "settings.schema.json").read_text())["$defs"]
    (function,) = (group["properties"] for group in groups.values() if "start-mode" in group.get("properties", {}))
    named = re.findall(r"function\.([a-z-]+)(?:: (\w+))?", " ".join(question.asks for question in QUESTIONS))
    assert named
    assert all(value in function[name]["enum"] for name, value in named)
