"""`generate`: the files that follow from the code, such as schemas, reference pages and the OpenAPI document."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from toolkit.arguments import AsJson
from toolkit.configuration import ROOT, configuration, load
from toolkit.policy.pack import configured_pack
from toolkit.refusals import refusals
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.files import write_file
from toolkit.stacks.settings import ENVIRONMENTS
from toolkit.stacks.terminal import echo


def generate(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 where a file is out of date.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write the generated files that are out of date."""
    with refusals():
        changed = [(path, text) for path, text in documents() if not path.is_file() or path.read_text("utf-8") != text]
        for path, text in () if check else changed:
            write_file(path, text)
        names = [str(path.relative_to(ROOT)) for path, _ in changed]
        if as_json:
            echo(json.dumps({"out-of-date" if check else "written": names}))
        elif not check:
            echo(f"written: {', '.join(names) or 'nothing, all files are up to date'}")
        if check and names:
            raise RefusedError(f"{', '.join(names)} must be written again: ./stack generate")


def documents() -> Iterator[tuple[Path, str]]:
    """Yield each generated file with the text that it must have."""
    from toolkit.cost import guide, usage
    from toolkit.policy import catalogue, levels
    from toolkit.resource_types import taggable
    from toolkit.stacks import snapshot

    for file, reference in configuration().documents.items():
        yield ROOT / file, load(reference)()
    yield usage.SCHEMA_FILE, usage.rendered_schema()
    yield guide.FILE, guide.rendered(guide.FILE.read_text(encoding="utf-8"))
    yield taggable.FILE, taggable.rendered()
    yield ROOT / snapshot.FILE, snapshot.rendered(ROOT)
    pack = configured_pack()
    for environment in ENVIRONMENTS:
        yield pack.levels_folder / f"{environment}.json", levels.as_text(pack, environment)
    yield catalogue.FILE, catalogue.catalogue(pack)
