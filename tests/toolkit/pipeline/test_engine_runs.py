"""How the pipeline runs the Pulumi CLI, with a script in the CLI's place."""

import os
import re
import signal
import threading
import time
from pathlib import Path

import pytest

from toolkit.engine import EngineError, cli
from toolkit.engine.cli import cli_of
from toolkit.engine.runs import StackRun
from toolkit.pipeline.rehearsal.runner import start
from toolkit.pipeline.review_stack.stacks import review_stacks


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which commands are looked for, besides those of the shell."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder


def install(path: Path, script: str) -> None:
    (path / "pulumi").write_text(f"#!/bin/bash\n{script}\n")
    (path / "pulumi").chmod(0o755)


def test_missing_cli_is_reported_with_its_installation(path: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"https://www\.pulumi\.com/docs/install/"):
        StackRun("dev", tmp_path).preview()


def test_built_cli_is_used_where_path_has_none(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = tmp_path / "built"
    built.touch()
    monkeypatch.setattr(cli, "BUILT", built)
    assert cli_of(tmp_path / "infrastructure/bootstrap").program == str(built)
    install(path, "")
    assert cli_of(tmp_path).program == str(path / "pulumi")


def test_preview_reports_each_line_and_runs_the_policy_pack(path: Path, tmp_path: Path) -> None:
    install(path, 'echo "$@"; echo broken >&2; exit 3')
    (tmp_path / "policies").mkdir()
    reported: list[str] = []
    run = StackRun("dev", tmp_path, reported.append).preview("--diff")
    assert (run.code, run.events, run.errors) == (3, (), ("broken",))
    assert reported[1:] == ["broken"]
    assert reported[0].startswith(f"preview --policy-pack {tmp_path}/policies --diff --event-log ")
    assert reported[0].endswith("--non-interactive --color never --stack dev")


@pytest.mark.parametrize(
    "name",
    [
        "PULUMI_OPTION_IGNORE_PROTECT",
        "PULUMI_OPTION_SKIP_PREVIEW",
        "PULUMI_OPTION_TARGET",
        "PULUMI_SKIP_CONFIRMATIONS",
        "PULUMI_SKIP_CHECKPOINTS",
    ],
)
def test_variables_add_no_option_to_the_cli(
    name: str, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(path, 'env; echo "{}"')
    monkeypatch.setenv(name, "true")
    monkeypatch.setenv("PULUMI_BACKEND_URL", "file://here")
    for output in (StackRun("dev", tmp_path).up().output, cli_of(tmp_path).answer("whoami")):
        assert f"{name}=" not in output
        assert "PULUMI_BACKEND_URL=file://here" in output


def test_variables_that_bypass_protection_are_not_passed_to_the_cli(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(path, f'env >> {tmp_path}/seen; echo "[]"')
    for name in ("PULUMI_OPTION_SHOW_SECRETS", "PULUMI_SKIP_CONFIRMATIONS"):
        monkeypatch.setenv(name, "true")
    monkeypatch.setenv("PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS", "true")
    assert review_stacks(tmp_path) == ()
    start(["pulumi", "login"], tmp_path, "")
    cli_of(tmp_path).answer("whoami")
    seen = (tmp_path / "seen").read_text()
    assert seen.count("PATH=") >= 3
    assert not re.findall("PULUMI_(?:OPTION|SKIP_CON|DIY).*", seen)


def test_project_without_a_policy_pack_is_previewed_without_one(path: Path, tmp_path: Path) -> None:
    install(path, 'echo "$@"')
    assert StackRun("dev", tmp_path).preview().output.startswith("preview --event-log ")


def test_error_of_the_cli_is_one_sentence(path: Path, tmp_path: Path) -> None:
    install(path, 'echo "warning: old" >&2; echo "error: no stack named dev" >&2; exit 255')
    with pytest.raises(EngineError) as refused:
        StackRun("dev", tmp_path).export()
    assert str(refused.value) == "`pulumi stack export --stack dev` failed: no stack named dev"


def test_interrupt_is_passed_on_once_and_the_engine_finishes_its_calls(path: Path, tmp_path: Path) -> None:
    install(
        path, f"trap 'echo interrupted >> {tmp_path}/interrupts' INT; touch {tmp_path}/began; sleep 0.5 & wait; wait"
    )

    def interrupt() -> None:
        while not (tmp_path / "began").exists():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        StackRun("dev", tmp_path).up()
    assert (tmp_path / "interrupts").read_text() == "interrupted\n"


@pytest.mark.parametrize(
    ("options", "agreed", "recorded"), [((), True, True), (("--preview-only",), False, False)], ids=["done", "shown"]
)
def test_destroy_is_confirmed_and_recorded_only_if_it_runs(
    options: tuple[str, ...], agreed: bool, recorded: bool, path: Path, tmp_path: Path
) -> None:
    install(path, 'echo "$@"')
    ended = StackRun("dev", tmp_path).destroy(*options)
    assert ("--yes" in ended.output.split()) is agreed
    assert (tmp_path / "build/engine-runs/dev.json").exists() is recorded


def test_stack_that_cannot_be_created_is_refused_with_the_reason(path: Path, tmp_path: Path) -> None:
    install(path, 'echo "$@"; echo "error: stack already exists" >&2; exit 255')
    with pytest.raises(EngineError, match=r"^`pulumi stack init` failed: stack already exists$"):
        StackRun("review-7", tmp_path).create("--no-select")
