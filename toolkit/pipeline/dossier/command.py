"""`dossier`: the effects of a change on every stack, for its reviewer."""

from pathlib import Path
from typing import Annotated

import typer

from toolkit.arguments import AsJson, path_option
from toolkit.pipeline.dossier.build import gather
from toolkit.pipeline.dossier.rendering import as_json as dossier_as_json
from toolkit.pipeline.dossier.rendering import comment, summary
from toolkit.pipeline.dossier.terminal import lines
from toolkit.pipeline.preview.command import FOLDER, Base
from toolkit.policy.pack import configured_pack
from toolkit.refusals import progress, refusals
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.files import output_folder, write_file
from toolkit.stacks.terminal import echo


def dossier(
    out: Annotated[Path, path_option("The folder of comment.md, summary.md and dossier.json.")] = Path("build/dossier"),
    base: Base = None,
    as_json: AsJson = False,
) -> None:
    """Write the dossier of all stacks; those without a preview by the engine are previewed offline."""
    root = Path.cwd()
    with refusals(RefusedError):
        for folder in (FOLDER, out):
            output_folder(root, folder)
        with progress("Building the dossier") as show_step:
            made = gather(configured_pack(), root, base, root / FOLDER, show_step)
        texts = {
            "comment.md": comment(made, root / FOLDER),
            "summary.md": summary(made, root / FOLDER),
            "dossier.json": dossier_as_json(made),
        }
        for name, text in texts.items():
            write_file(out / name, text)
    if as_json:
        echo(texts["dossier.json"])
    else:
        echo("\n".join([f"{out / 'comment.md'}, summary.md and dossier.json are written.", *lines(made)]))
    if any(stack.status != "ok" for stack in made.stacks):
        raise typer.Exit(1)
