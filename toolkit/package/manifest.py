"""The record of a package: its inputs, its content and its digest."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from toolkit.package.archive import digest
from toolkit.package.interpreter import Interpreter
from toolkit.package.licences import Distribution
from toolkit.package.target import BuildTarget
from toolkit.stacks.errors import FileError
from toolkit.stacks.files import write_file
from toolkit.stacks.json_documents import read_json_object


def describe(
    archive: Path,
    path: str,
    inputs: str,
    target: BuildTarget,
    interpreter: Interpreter | None,
    packages: list[Distribution],
) -> dict[str, Any]:
    """The record of `archive`, which will lie at `path` from the root of the checkout; sizes are in bytes."""
    return {
        "path": path,
        "sha256": digest(archive),
        "runtime": target.runtime,
        "architecture": target.architecture,
        "bytecode": interpreter is not None,
        "interpreter": str(interpreter) if interpreter else None,
        "inputs": inputs,
        "sizes": _sizes(archive),
        "packages": [asdict(package) for package in packages],
    }


def _sizes(archive: Path) -> dict[str, Any]:
    by_folder: dict[str, dict[str, int]] = {}
    with ZipFile(archive) as zipfile:
        for entry in zipfile.infolist():
            sizes = by_folder.setdefault(entry.filename.split("/")[0], {"zipped": 0, "unpacked": 0})
            sizes["zipped"] += entry.compress_size
            sizes["unpacked"] += entry.file_size
    unpacked = sum(sizes["unpacked"] for sizes in by_folder.values())
    return {"zipped": archive.stat().st_size, "unpacked": unpacked, "by_folder": dict(sorted(by_folder.items()))}


def write(manifest: Path, content: dict[str, Any]) -> None:
    """Replace the record in one step."""
    write_file(manifest, json.dumps(content, indent=2) + "\n")


def read_if_valid(manifest: Path, root: Path) -> dict[str, Any] | None:
    """Return the record if its package exists and has the recorded digest."""
    try:
        content = read_json_object(manifest)
        archive = (root / content["path"]).resolve()
        if not archive.is_relative_to(root.resolve()):
            return None  # the package of a checkout lies in it
        return content if digest(archive) == content["sha256"] else None
    except (FileError, OSError, RuntimeError, ValueError, KeyError, TypeError):
        return None
