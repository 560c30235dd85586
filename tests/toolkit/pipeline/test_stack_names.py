"""A stack's name is validated before a command does anything, and no command writes outside build/."""

from pathlib import Path

import pytest

from tests.support.command_line import run_command
from toolkit.pipeline.drift.findings import DriftFileError, read_drift

COMMANDS = (
    *("package", "doctor", "plan", "approval", "deploy", "canary", "smoke", "rollback", "drift", "unlock", "destroy"),
    *("sbom", "rehearsal plan", "rehearsal run", "rehearsal undo", "rehearsal report"),
)


@pytest.mark.parametrize("command", COMMANDS)
def test_stack_name_that_is_a_path_is_refused_by_every_command(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "openapi.json").write_text("kept")
    name, *rest = command.split()
    ended = run_command(name, *rest, "../../docs/openapi")
    assert (ended.exit_code, "is no name of a stack" in ended.stderr) == (2, True)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["docs", "openapi.json"]


@pytest.mark.parametrize("name", ["n" * 64, "..", "", "/etc", "a\nb", "é", "x[/]", "\x1b[31m", "Dev", "-x"])
def test_malformed_stack_names_are_refused(name: str) -> None:
    ended = run_command("drift", "--", name)
    assert (ended.exit_code, "is no name of a stack" in ended.stderr) == (2, True)
    assert "\x1b" not in ended.stderr


def test_drift_behind_a_link_is_refused_and_removes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "dev.json").write_text("kept")
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "drift").symlink_to(tmp_path / "docs")
    ended = run_command("drift", "dev")
    assert (ended.exit_code, "build/drift is a symbolic link" in ended.stderr) == (2, True)
    assert (tmp_path / "docs" / "dev.json").read_text() == "kept"


def test_finding_of_an_invalid_stack_name_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text('{"stack": "../x", "clean": true, "findings": []}')
    with pytest.raises(DriftFileError, match="holds no findings"):
        read_drift(file)
