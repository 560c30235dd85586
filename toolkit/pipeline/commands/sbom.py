"""`sbom`: what the package of a stack is made of."""

import json
from pathlib import Path
from typing import Annotated

import typer

from toolkit.package.bill_of_materials import bill_of_materials
from toolkit.package.manifest import read_if_whole
from toolkit.pipeline.commands.arguments import stack_option
from toolkit.stacks import load_project
from toolkit.stacks.files import output_file, write_file
from toolkit.stacks.terminal import echo


def sbom(stack: Annotated[str, stack_option("The stack whose package it is of.")]) -> None:
    """Write build/STACK/sbom.json, what the package is made of as CycloneDX; 1 where there is no package."""
    root, folder = Path.cwd(), Path("build", stack)
    record = read_if_whole(root / folder / "package.json", root)
    try:
        bill = bill_of_materials(record or {}, load_project(root).name)
    except (KeyError, TypeError):  # no record, or one of another edition
        echo(f"error: {folder} has no whole package; build it first: make package STACK={stack}", error=True)
        raise typer.Exit(1) from None
    write_file(output_file(root, stack, "sbom.json"), json.dumps(bill, indent=2) + "\n")
    echo(f"{folder}/sbom.json: {len(bill['components']) - 1} packages")
