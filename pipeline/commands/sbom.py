"""`sbom`: what the package of a stack is made of."""

import json
from pathlib import Path
from typing import Annotated

import typer

from pipeline.package.bill_of_materials import bill_of_materials
from pipeline.package.manifest import read_if_whole


def sbom(stack: Annotated[str, typer.Option(help="The stack whose package it is of.")]) -> None:
    """Write build/STACK/sbom.json, what the package is made of as CycloneDX; 1 where there is no package."""
    root, folder = Path.cwd(), Path("build", stack)
    record = read_if_whole(root / folder / "package.json", root)
    try:
        bill = bill_of_materials(record or {}, "items-api")
    except (KeyError, TypeError):  # no record, or one of another edition
        typer.echo(f"error: {folder} has no whole package; build it first: make package STACK={stack}", err=True)
        raise typer.Exit(1) from None
    (root / folder / "sbom.json").write_text(json.dumps(bill, indent=2) + "\n")
    typer.echo(f"{folder}/sbom.json: {len(bill['components']) - 1} packages")
