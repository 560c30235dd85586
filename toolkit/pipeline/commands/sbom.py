"""`sbom`: the bill of materials of a stack's package."""

import json
from pathlib import Path
from typing import Annotated

from toolkit.arguments import AsJson, stack_argument
from toolkit.package.bill_of_materials import bill_of_materials
from toolkit.package.manifest import read_if_whole
from toolkit.refusals import refusals
from toolkit.stacks import load_project
from toolkit.stacks.errors import FileError
from toolkit.stacks.files import output_file, write_file
from toolkit.stacks.terminal import echo


def sbom(stack: Annotated[str, stack_argument("The stack of the package.")], as_json: AsJson = False) -> None:
    """Write build/STACK/sbom.json: the contents of the package of a stack as CycloneDX."""
    root, folder = Path.cwd(), Path("build", stack)
    with refusals():
        record = read_if_whole(root / folder / "package.json", root)
        try:
            bill = bill_of_materials(record or {}, load_project(root).name)
        except (KeyError, TypeError):  # no record, or one of another edition
            raise FileError(f"{folder} has no whole package; build it first: ./stack package {stack}") from None
        text = json.dumps(bill, indent=2) + "\n"
        write_file(output_file(root, stack, "sbom.json"), text)
    echo(text.rstrip() if as_json else f"{folder}/sbom.json: {len(bill['components']) - 1} packages")
