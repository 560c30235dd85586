"""What is marked secret stays marked and is shown nowhere."""

from pathlib import Path

import pytest

from tests.support.command_line import code_of
from tests.support.programs import write_program
from toolkit.stacks import Secret, evaluate, reveal
from toolkit.stacks.preview import as_json

PROGRAM = """
    import pulumi
    import pulumi_aws as aws

    password = pulumi.Config().require_secret("password")
    topic = aws.sns.Topic("news", display_name=password, tags={"open": "yes", "closed": password})
    pulumi.export("password", password)
    pulumi.export("shown", topic.display_name)
    pulumi.export("longer", pulumi.Output.concat("is ", password))
    pulumi.export("length", password.apply(len))
"""
PASSWORD = "hunter2-hunter2"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_program(tmp_path, PROGRAM, stack_file=f"config: {{sample:password: {PASSWORD}}}")


def test_secret_input_is_marked(project: Path) -> None:
    topic = evaluate("dev", root=project).of_type("aws:sns/topic:Topic")[0]

    assert topic.inputs["displayName"] == Secret(PASSWORD)
    assert topic.inputs["tags"] == {"open": "yes", "closed": Secret(PASSWORD)}
    assert topic.outputs["displayName"] == Secret(PASSWORD)
    assert reveal(topic.inputs) == {"displayName": PASSWORD, "tags": {"open": "yes", "closed": PASSWORD}}


def test_value_derived_from_a_secret_is_secret(project: Path) -> None:
    outputs = evaluate("dev", root=project).outputs

    assert outputs == {
        "password": Secret(PASSWORD),
        "shown": Secret(PASSWORD),
        "longer": Secret(f"is {PASSWORD}"),
        "length": Secret(len(PASSWORD)),
    }


def test_secret_is_not_in_any_output(project: Path) -> None:
    graph = evaluate("dev", root=project)

    assert PASSWORD not in repr(graph)
    assert PASSWORD not in as_json(graph, project)
    assert str(graph.outputs["password"]) == f"{graph.outputs['password']}" == "[secret]"


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_preview_of_the_project_shows_no_secret(
    form: tuple[str, ...], root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    graph = evaluate("prod", root=root)
    key = graph.of_type("aws:secretsmanager/secretVersion:SecretVersion")[0].inputs["secretString"].reveal()
    client_secret = graph.outputs["machine_client_secret"].reveal()

    assert code_of("preview", "prod", *form) == 0
    shown = "".join(capsys.readouterr())
    assert key not in shown
    assert client_secret not in shown


def test_secrets_are_equal_if_their_values_are() -> None:
    assert Secret("a") == Secret("a") != Secret("b")
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2
    assert Secret(["a", Secret("b")]).reveal() == ["a", "b"]
