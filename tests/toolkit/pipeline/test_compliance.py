"""The report on what is deployed: the exported state with run, approver and digest."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import run_command
from toolkit.engine.runs import StackRun
from toolkit.pipeline import compliance
from toolkit.stacks import evaluate
from toolkit.stacks.preview import as_json

ROOT = Path(__file__).parents[3]
RUN = {"GITHUB_RUN_ID": "7", "GITHUB_REPOSITORY": "example/items-api", "GITHUB_TOKEN": "t"}


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A job that deployed dev; the file of its summary."""
    state: dict[str, Any] = json.loads(as_json(evaluate("dev", root=ROOT), ROOT))
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(StackRun, "export", lambda _run: state)
    monkeypatch.setattr(compliance, "built_digest", lambda *_names: "d" * 64)
    monkeypatch.setattr(compliance, "approver_of", lambda *_facts: "ben")
    for name, value in RUN.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    return tmp_path / "summary.md"


def report(out: Path) -> Any:
    return run_command("compliance", "dev", "--deployed", "--out", str(out))


def test_report_of_a_deployment_names_run_approver_and_digest(deployed: Path, tmp_path: Path) -> None:
    ended = report(tmp_path / "out")
    assert ended.exit_code == 0, ended.output
    found = json.loads((tmp_path / "out" / "dev.json").read_text())["stack"]
    run = "https://github.com/example/items-api/actions/runs/7"
    assert found["release"] == {"run": run, "approver": "ben", "package": "d" * 64}
    assert found["evaluated"] == "the state in dev.json"
    assert {file.suffix for file in (tmp_path / "out").iterdir()} == {".md", ".html", ".json", ".sarif", ".xml"}
    assert "May this be shown to an auditor?" in deployed.read_text()


def test_report_of_a_deployment_is_refused_outside_a_workflow(
    deployed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_RUN_ID")
    ended = report(tmp_path / "out")
    assert ended.exit_code == 1
    assert not deployed.exists()
