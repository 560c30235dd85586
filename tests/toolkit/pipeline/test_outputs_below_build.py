"""No command writes through a link: what is behind it stays as it is."""

from pathlib import Path

import pytest

from tests.support.command_line import run_command
from toolkit.engine.process import EngineRecord, last_engine, log_of, stacks_with_engines
from toolkit.pipeline.deploy.promotion import record_deployed
from toolkit.pipeline.deploy.version_history import History
from toolkit.stacks.errors import FileError, RefusedError
from toolkit.stacks.files import output_file, output_folder

ROOT = Path(__file__).resolve().parents[3]
RECORD = '{"stack": "%s", "command": "up", "pid": 1, "identity": null, "host": "h", "started": "2026-11-29T00:00:00Z"}'


@pytest.fixture
def behind(tmp_path: Path) -> Path:
    """A folder outside build/ with a file."""
    folder = tmp_path / "docs"
    (folder / "dev").mkdir(parents=True)
    (folder / "dev" / "kept").write_text("kept")
    return folder


def link(root: Path, name: str, aim: Path) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).symlink_to(aim)


@pytest.mark.parametrize("name", ["build", "build/plan", "build/plan/dev"])
def test_plan_behind_a_link_is_refused_and_removes_nothing(
    name: str, behind: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for file in ("Pulumi.yaml", "Pulumi.dev.yaml"):
        (tmp_path / file).write_bytes((ROOT / file).read_bytes())
    aim = {"build": behind.parent, "build/plan": behind}.get(name, behind / "dev")
    link(tmp_path, name, aim)
    ended = run_command("plan", "dev")
    assert (ended.exit_code, "is a symbolic link" in ended.stderr) == (2, True), ended.output
    assert (behind / "dev" / "kept").read_text() == "kept"


def test_record_behind_a_link_is_refused(behind: Path, tmp_path: Path) -> None:
    link(tmp_path, "build/release", behind)
    link(tmp_path, "build/engine-runs", behind)
    with pytest.raises(RefusedError, match="build/release is a symbolic link"):
        record_deployed(tmp_path, "0" * 64, "dev")
    with pytest.raises(FileError, match="build/release is a symbolic link"):
        History(tmp_path, "dev")
    with pytest.raises(FileError, match="build/engine-runs is a symbolic link"):
        log_of(tmp_path, "dev")


def test_digest_that_is_a_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="is no name for a file below build/"):
        record_deployed(tmp_path, "../../docs/x", "dev")


@pytest.mark.parametrize("stack", ["../../docs/x", "other"])
def test_engine_record_of_another_stack_is_refused(stack: str, tmp_path: Path) -> None:
    file = tmp_path / "build" / "engine-runs" / "dev.json"
    file.parent.mkdir(parents=True)
    file.write_text(RECORD % stack)
    file.with_name("x[].json").write_text(RECORD % "dev")
    with pytest.raises(
        RefusedError, match="is not a record of a running engine; remove it when no `pulumi` process runs here"
    ):
        last_engine(tmp_path, "dev")
    assert stacks_with_engines(tmp_path) == ["dev"]
    file.write_text(RECORD % "dev")
    assert isinstance(last_engine(tmp_path, "dev"), EngineRecord)


def test_build_folder_that_is_a_link_is_refused(behind: Path, tmp_path: Path) -> None:
    link(tmp_path, "build", behind)
    with pytest.raises(FileError, match="build is a symbolic link"):
        output_file(tmp_path, "dev", "sbom.json")


@pytest.mark.parametrize("given", ["build/../docs", "build/dossier/../../docs"])
def test_named_output_folder_outside_build_is_refused(given: str, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="is no name for a file below build/"):
        output_folder(tmp_path, Path(given))
    assert output_folder(tmp_path, tmp_path / "other") == tmp_path / "other"
