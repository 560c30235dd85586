"""`python -m pipeline dossier`: build it, publish it."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.preview import FOLDER, Base
from pipeline.commands.refusals import console, say
from pipeline.dossier.build import gather
from pipeline.dossier.model import Dossier
from pipeline.dossier.rendering import as_json, comment, summary
from pipeline.preview.base import base_commit
from pipeline.preview.report import PreviewError

app = typer.Typer(no_args_is_help=True, help="All that a reviewer asks of a change, of every stack.")


@app.command()
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
        with console.status("Building the dossier") as status:
            dossier = gather(root, base_commit(root, base), root / FOLDER, status.update)
    except PreviewError as error:
        say(f"error: {error}", "red")
        raise typer.Exit(2) from None
    texts = {
        "comment.md": comment(dossier, root / FOLDER),
        "summary.md": summary(dossier, root / FOLDER),
        "dossier.json": as_json(dossier),
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (out / name).write_text(text, encoding="utf-8")
    typer.echo(texts["dossier.json"] if json else _lines(dossier, out))
    if dossier.worst in ("failed", "blocked"):
        raise typer.Exit(1)


def _lines(dossier: Dossier, out: Path) -> str:
    told = [f"{verdict.stack}: {verdict.words}" for verdict in dossier.verdicts]
    return "\n".join([*told, f"{out / 'comment.md'}, summary.md and dossier.json are written."])
