"""`publish-dossier`: the comment on the pull request, and the summary of the job."""

import os
from pathlib import Path
from typing import Annotated

import typer

from toolkit.arguments import path_option
from toolkit.pipeline.dossier import publishing
from toolkit.pipeline.github.client import GitHub
from toolkit.pipeline.github.errors import NotAllowedError
from toolkit.pipeline.github.event import read_event
from toolkit.refusals import refusals, say
from toolkit.stacks.errors import FileError, RefusedError
from toolkit.stacks.files import read_text
from toolkit.stacks.json_documents import read_json_object
from toolkit.stacks.stack_files import load_project
from toolkit.stacks.terminal import echo


def publish_dossier(
    pull_request: Annotated[int, typer.Option(help="The number of the pull request.", min=1)],
    out: Annotated[Path, path_option("Where `dossier` wrote.")] = Path("build/dossier"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the comment, write nothing.")] = False,
) -> None:
    """Write the comment of the pull request and the summary of the job; with a read-only token only the summary."""
    with refusals():
        publication = _publication(load_project(Path.cwd()).name, out)
        if dry_run:
            echo(publication.text)
            return
        _summarize(out, publication)
        try:
            echo(publishing.publish(GitHub.of_environment(say), pull_request, publication))
        except NotAllowedError as error:
            if not _token_only_reads():
                raise RefusedError(f"{error} Give the job the permission pull-requests: write.") from None
            echo("The token is read-only, so the dossier is in the job's summary only.")


def _publication(project: str, out: Path) -> publishing.Publication:
    """Return the built dossier, or a note that none was built; the commit is the event's, as HEAD is a merge."""
    try:
        commit = str(read_json_object(out / "dossier.json")["commit"])
        text = read_text(out / "comment.md")
    except (FileError, KeyError):
        return publishing.unbuilt(project, _head_of_event() or "")
    return publishing.Publication(project, _head_of_event() or commit, text)


def _head_of_event() -> str | None:
    event = read_event()
    return event.pull_request.head.sha if event else None


def _token_only_reads() -> bool:
    """Return whether GitHub gives this run a read-only token: for a pull request from a fork, or of Dependabot.

    https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request
    """
    event = read_event()
    return os.environ.get("GITHUB_ACTOR") == "dependabot[bot]" or (event is not None and event.is_of_fork)


def _summarize(out: Path, publication: publishing.Publication) -> None:
    """Append to the job's summary, where there is one."""
    if file := os.environ.get("GITHUB_STEP_SUMMARY"):
        written = out / "summary.md"
        with Path(file).open("a", encoding="utf-8") as summary_file:
            summary_file.write(written.read_text(encoding="utf-8") if written.is_file() else publication.text)
