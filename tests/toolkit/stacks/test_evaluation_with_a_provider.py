"""An evaluation with a provider of the caller: its outputs reach the program, its errors end the evaluation."""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.programs import write_program
from toolkit.resource_types.automatic_names import AutomaticNames
from toolkit.stacks import Created, EvaluationError, evaluate

CHAIN = """
    import pulumi
    import pulumi_aws as aws

    first = aws.sns.Topic("first")
    second = aws.sns.Topic("second", display_name=first.arn)
    aws.sns.Topic("third", display_name=second.arn)
    pulumi.export("identity", aws.get_caller_identity_output().account_id)
    pulumi.export("preview", pulumi.runtime.is_dry_run())
"""


class Ledger:
    """A provider that writes down what it was asked, and fails where it is set to."""

    def __init__(self, fail_on: str = "") -> None:
        self.created: list[tuple[str, str, Mapping[str, Any]]] = []
        self._fail_on = fail_on

    def create(self, type: str, name: str, inputs: Mapping[str, Any], _names: AutomaticNames) -> Created:
        self.created.append((type, name, inputs))
        if name == self._fail_on:
            raise RuntimeError(f"AccessDenied: {inputs}")
        return Created(f"id-of-{name}", {"arn": f"arn-of-{name}"})

    def invoke(self, token: str, args: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"accountId": "123456789012", "arn": token, "id": str(args), "userId": "AIDAEXAMPLE"}


def test_outputs_of_the_provider_reach_the_program(tmp_path: Path) -> None:
    ledger = Ledger()
    graph = evaluate("dev", root=write_program(tmp_path, CHAIN), provider=ledger, dry_run=False)

    assert [(name, inputs) for _, name, inputs in ledger.created] == [
        ("first", {}),
        ("second", {"displayName": "arn-of-first"}),
        ("third", {"displayName": "arn-of-second"}),
    ]
    assert graph.of_type("aws:sns/topic:Topic")[2].id == "id-of-third"
    assert graph.outputs == {"identity": "123456789012", "preview": False}


def test_error_of_the_provider_names_the_resource_and_ends_the_evaluation(tmp_path: Path) -> None:
    ledger = Ledger(fail_on="second")

    with pytest.raises(EvaluationError, match=r"^second \(aws:sns/topic:Topic\): AccessDenied: "):
        evaluate("dev", root=write_program(tmp_path, CHAIN), provider=ledger, dry_run=False)
    assert [name for _, name, _ in ledger.created] == ["first", "second"]


def test_error_of_the_provider_is_shown_without_secrets(tmp_path: Path) -> None:
    program = """
        import pulumi
        import pulumi_aws as aws

        aws.sns.Topic("news", display_name=pulumi.Config().require_secret("password"))
    """
    root = write_program(tmp_path, program, stack_file="config: {sample:password: hunter2-and-more}")

    with pytest.raises(EvaluationError, match=r"AccessDenied: \{'displayName': '\[secret\]'\}"):
        evaluate("dev", root=root, provider=Ledger(fail_on="news"), dry_run=False)


def test_independent_resources_are_created_in_parallel(tmp_path: Path) -> None:
    together = threading.Barrier(3, timeout=20)

    class Meeting(Ledger):
        def create(self, type: str, name: str, inputs: Mapping[str, Any], names: AutomaticNames) -> Created:
            together.wait()
            return super().create(type, name, inputs, names)

    program = "import pulumi_aws as aws\nfor name in 'abc':\n    aws.sns.Topic(name)\n"
    graph = evaluate("dev", root=write_program(tmp_path, program), provider=Meeting(), dry_run=False)

    assert sorted(topic.id for topic in graph.of_type("aws:sns/topic:Topic")) == ["id-of-a", "id-of-b", "id-of-c"]


def test_components_are_not_created_by_the_provider(root: Path) -> None:
    class Imitation(Ledger):
        """Answers with more than anybody asks for."""

        def create(self, type: str, name: str, inputs: Mapping[str, Any], names: AutomaticNames) -> Created:
            super().create(type, name, inputs, names)
            words = (
                "arn",
                "name",
                "bucket",
                "endpoint",
                "version",
                "invokeArn",
                "apiEndpoint",
                "executionArn",
                "keyId",
                "url",
            )
            return Created(name, {**dict.fromkeys(words, name), "clientSecret": "s", "scopeIdentifiers": []})

    ledger = Imitation()
    graph = evaluate("dev", root=root, provider=ledger)

    assert {name for _, name, _ in ledger.created} == {resource.name for resource in graph.resources if resource.custom}
    assert not any(type_.startswith("items-api:") for type_, _, _ in ledger.created)
