"""Where the CLI comes from."""

from pathlib import Path

import pytest

from toolkit.engine import EngineError, cli


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH; nothing was built yet."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(cli, "BUILT", tmp_path / "build" / "pulumi")
    return folder


def executable(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_the_one_on_path_is_used_as_it_is(tools: Path) -> None:
    mine = executable(tools / "pulumi", "exit 1")
    assert cli.pulumi_cli() == mine


def test_it_is_built_once_with_progress(tools: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    go = executable(tools / "go", 'echo a/package >&2; echo "$@" >> "${0%/bin/go}/calls"; : > "$5"')
    assert cli.pulumi_cli() == tmp_path / "build" / "pulumi"
    go.unlink()
    assert cli.pulumi_cli() == tmp_path / "build" / "pulumi"
    (call,) = (tmp_path / "calls").read_text().splitlines()
    assert "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi" in call
    assert "Building the Pulumi CLI v3." in capsys.readouterr().err


def test_a_failed_build_is_reported_with_the_last_output_of_go(tools: Path) -> None:
    executable(tools / "go", "echo 'go: no such host' >&2; exit 1")
    with pytest.raises(EngineError, match="could not be built: go: no such host; install it"):
        cli.pulumi_cli()


def test_without_pulumi_and_go_one_sentence_says_what_to_install(tools: Path) -> None:
    with pytest.raises(EngineError, match=r"^Neither pulumi nor go is on PATH: install the Pulumi CLI"):
        cli.pulumi_cli()
