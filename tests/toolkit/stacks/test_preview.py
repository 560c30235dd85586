"""The preview on the command line: a tree for people, JSON for programs, one sentence where there is none."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.support.command_line import PROCESS, code_of
from toolkit.stacks import evaluate


def test_tree_shows_every_resource_and_their_number(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    assert code_of("preview", "prod") == 0

    shown = capsys.readouterr().out
    assert "items-table dynamodb Table protected" in shown
    assert "http-delete-api-v1-items-item_id-attachments-attachment_id apigatewayv2 Route" in shown
    made = [resource for resource in evaluate("prod", root=root).resources if resource.custom]
    protected = sum(resource.protect for resource in made)
    assert re.search(rf"{len(made)} resources in \d+ components, {protected} protected: \d+ apigatewayv2 Route", shown)
    assert "\x1b" not in shown


def test_json_output_has_the_whole_graph(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    assert code_of("preview", "dev", "--json") == 0

    document = json.loads(capsys.readouterr().out)
    assert (document["project"], document["stack"]) == ("items-api", "dev")
    urns = {resource["urn"] for resource in document["resources"]}
    assert all(resource["parent"] in urns for resource in document["resources"][1:])
    assert document["outputs"]["machine_client_secret"] == "[secret]"


def test_stack_of_another_project_is_shown_by_its_full_name(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    assert code_of("preview", "bootstrap/prod") == 0

    assert capsys.readouterr().out.startswith("items-api-bootstrap prod\n")


def test_command_runs_without_environment_variables(root: Path) -> None:
    done = subprocess.run([*PROCESS, "preview", "staging"], cwd=root, env={}, capture_output=True, text=True)
    assert (done.returncode, "items-api staging" in done.stdout) == (0, True), done.stderr


@pytest.mark.parametrize(
    ("stack", "sentence"),
    [
        ("nowhere", "There is no stack 'nowhere': the stacks are dev, local, prod, staging."),
        (
            "Prod",
            (
                "Invalid value for 'STACK': 'Prod' is no name of a stack; write 1 to 63 of a-z, 0-9 and -, "
                "beginning with a letter, such as dev. See ./stack preview --help."
            ),
        ),
    ],
)
def test_missing_stack_fails_with_one_sentence(root: Path, stack: str, sentence: str) -> None:
    done = subprocess.run([*PROCESS, "preview", stack], cwd=root, env={}, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: {sentence}\n"
