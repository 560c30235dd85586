"""`./stack policies`: what it prints, how it ends, and what it refuses with a sentence."""

import json
from pathlib import Path

import pytest

from tests.support.command_line import code_of
from tests.support.stacks import ROOT


@pytest.fixture
def stack_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of prod in a folder with the program, which is the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "infrastructure").symlink_to(ROOT / "infrastructure")
    for name in ("Pulumi.yaml", "Pulumi.prod.yaml"):
        (tmp_path / name).write_text((ROOT / name).read_text())
    return tmp_path / "Pulumi.prod.yaml"


def test_passing_stack_exits_with_0_and_its_warnings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert code_of("policies", "prod") == 0
    captured = capsys.readouterr().out
    assert captured.startswith("items-api/prod passed: ")
    assert "waf-in-front" in captured


def test_blocked_stack_exits_with_1_and_the_reasons(stack_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = stack_file.read_text()
    assert text.count("memory-mb: ") == 1
    stack_file.write_text(text.replace("memory-mb: ", "memory-mb: 3008 # "))
    assert code_of("policies", "prod") == 1
    captured = capsys.readouterr().out
    assert "items-api/prod blocked: " in captured
    assert "memorySize is above 1769 MB" in captured

    assert code_of("policies", "prod", "--json") == 1
    (verdict,) = json.loads(capsys.readouterr().out)
    blocking = {one["rule"]: one["level"] for one in verdict["findings"] if one["kind"] == "blocks"}
    assert verdict["verdict"] == "blocked"
    assert blocking == {"lambda-memory-cap": "mandatory", "worst-month-bounded": "mandatory"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere"], "There is no stack 'nowhere'"),
        (["--state", "none.json"], "none.json cannot be read"),
        (["--state", "half.json"], "half.json is not JSON, or only a part of it"),
        (["--state", "other.json"], "one of the project another, and here is items-api"),
    ],
)
def test_stack_that_cannot_be_evaluated_exits_with_2_and_one_sentence(
    arguments: list[str], sentence: str, stack_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = {"urn": "urn:pulumi:prod::another::pulumi:pulumi:Stack::another-prod", "type": "pulumi:pulumi:Stack"}
    state = json.dumps({"deployment": {"resources": [{**stack, "custom": False}]}})
    stack_file.with_name("other.json").write_text(state)
    stack_file.with_name("half.json").write_text(state[: len(state) // 2])
    assert code_of("policies", *arguments) == 2
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""
