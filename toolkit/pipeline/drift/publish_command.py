"""`publish-drift`: an issue for each stack that drifted."""

from pathlib import Path
from typing import Annotated

import typer

from toolkit.arguments import path_option
from toolkit.pipeline.drift.findings import read_drift
from toolkit.pipeline.drift.issues import publish_drift as update_issue
from toolkit.pipeline.github.client import GitHub
from toolkit.refusals import refusals, say
from toolkit.stacks import load_project
from toolkit.stacks.terminal import echo


def publish_drift(
    folder: Annotated[Path, path_option("Where `drift` wrote.")] = Path("build/drift"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print which stacks drifted, write nothing.")] = False,
) -> None:
    """Open, update, reopen or close one issue for each stack by the findings of `drift`. Exit 2 for a damaged file.

    The issue of a stack that was not compared does not change.
    """
    with refusals():
        project = load_project(Path.cwd()).name
        # Read all files first, so that a damaged one changes no issue.
        drifts = [read_drift(file) for file in sorted(folder.glob("*.json"))]
        if not drifts:
            echo("No stack was compared, so no issue changes.")
            return
        if dry_run:
            echo("\n".join(f"{each.stack}: {'clean' if each.clean else 'drifted'}" for each in drifts))
            return
        github = GitHub.of_environment(say)
        for drift in drifts:
            echo(update_issue(github, project, drift))
