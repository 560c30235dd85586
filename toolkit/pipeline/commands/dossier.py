"""`python -m toolkit.pipeline dossier`: build it, publish it."""

import os
from pathlib import Path
from typing import Annotated

import typer

from toolkit.pipeline.commands.preview import FOLDER, Base
from toolkit.pipeline.commands.refusals import console, say
from toolkit.pipeline.dossier import publishing
from toolkit.pipeline.dossier.build import gather
from toolkit.pipeline.dossier.rendering import as_json, comment, summary
from toolkit.pipeline.dossier.terminal import lines
from toolkit.pipeline.github.client import GitHub, NotAllowedError
from toolkit.pipeline.github.event import read_event
from toolkit.pipeline.preview.base_commit import base_commit
from toolkit.policy.pack import configured_pack
from toolkit.stacks.errors import FileError, RefusedError
from toolkit.stacks.files import output_folder, read_text, write_file
from toolkit.stacks.json_documents import read_json_object
from toolkit.stacks.stack_files import load_project
from toolkit.stacks.terminal import echo, styled

dossier = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="All that a reviewer asks of a change, of every stack."
)


@dossier.command()
def build(
    out: Annotated[Path, typer.Option(help="Where comment.md, summary.md and dossier.json go.")] = Path(
        "build/dossier"
    ),
    base: Base = None,
    json: Annotated[bool, typer.Option("--json", help="Print the whole as JSON.")] = False,
) -> None:
    """Write the dossier of all stacks; those without a preview by the engine are previewed offline."""
    root = Path.cwd()
    try:
        for folder in (FOLDER, out):
            output_folder(root, folder)
        with console.status("Building the dossier") as status:
            dossier = gather(
                configured_pack(),
                root,
                base_commit(root, base),
                root / FOLDER,
                lambda step: status.update(styled(step)),
            )
    except RefusedError as error:
        say(f"error: {error}", "red")
        raise typer.Exit(2) from None
    texts = {
        "comment.md": comment(dossier, root / FOLDER),
        "summary.md": summary(dossier, root / FOLDER),
        "dossier.json": as_json(dossier),
    }
    try:
        for name, text in texts.items():
            write_file(out / name, text)
    except FileError as error:
        say(f"error: {error}", "red")
        raise typer.Exit(2) from None
    if json:
        echo(texts["dossier.json"])
    else:
        echo("\n".join([f"{out / 'comment.md'}, summary.md and dossier.json are written.", *lines(dossier)]))
    if any(stack.status != "ok" for stack in dossier.stacks):
        raise typer.Exit(1)


@dossier.command()
def publish(
    pull_request: Annotated[int, typer.Option(help="The number of the pull request.", min=1)],
    out: Annotated[Path, typer.Option(help="Where `dossier build` wrote.")] = Path("build/dossier"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the comment, write nothing.")] = False,
) -> None:
    """Edit or write the pull request's one comment, and the job's summary; with a token that only reads, the latter."""
    try:
        publication = _publication(load_project(Path.cwd()).name, out)
        if dry_run:
            echo(publication.text)
            return
        _summarize(out, publication)
        echo(publishing.publish(GitHub.of_environment(say), pull_request, publication))
    except NotAllowedError as error:
        if not _token_only_reads():
            say(f"error: {error} Give the job the permission pull-requests: write.", "red")
            raise typer.Exit(1) from None
        echo("The token may only read, so the dossier is in the job's summary and nowhere else.")
    except RefusedError as error:
        say(f"error: {error}", "red")
        raise typer.Exit(1) from None


def _publication(project: str, out: Path) -> publishing.Publication:
    """What was built, or the word that nothing was; the event knows the branch's commit, HEAD is a merge."""
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
    """Whether GitHub gives this run a token that only reads: a pull request from a fork, or Dependabot's.

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
