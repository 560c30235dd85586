"""`drift publish`: an issue for each stack that drifted."""

from pathlib import Path
from typing import Annotated

import typer

from toolkit.pipeline.commands.refusals import refusals, say
from toolkit.pipeline.drift.findings import Drift, read_drift
from toolkit.pipeline.drift.issues import publish_drift
from toolkit.pipeline.github.client import GitHub
from toolkit.stacks import load_project
from toolkit.stacks.terminal import echo


def publish_drifts(
    folder: Annotated[Path, typer.Option(help="Where `drift` wrote.")] = Path("build/drift"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say which stacks drifted, write nothing.")] = False,
) -> None:
    """Open, update, open again or close one issue for each stack by what `drift` found; exit 2 for a damaged file.

    A stack that was not compared keeps its issue as it is.
    """
    with refusals():
        project = load_project(Path.cwd()).name
        drifts = _read(folder)
        if not drifts:
            echo("No stack was compared, so no issue changes.")
            return
        if dry_run:
            echo("\n".join(f"{each.stack}: {'clean' if each.clean else 'drifted'}" for each in drifts))
            return
        github = GitHub.of_environment(say)
        for drift in drifts:
            echo(publish_drift(github, project, drift))


def _read(folder: Path) -> list[Drift]:
    """All files before anything is written, so that a damaged one leaves every issue as it is."""
    return [read_drift(file) for file in sorted(folder.glob("*.json"))]
