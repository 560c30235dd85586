"""The declaration of the service, and how a new part is added to it."""

from pathlib import Path

from toolkit.new.source_edits import Source
from toolkit.stacks.errors import FileError
from toolkit.stacks.files import read_text

DEFINITION, APPLICATION = "api/definition.py", "api/main.py"


def read_source(root: Path, name: str) -> Source:
    """Return a module of the service, to be edited. Raise FileError."""
    return Source(name, read_text(root / name))


def declare(root: Path, name: str, block: str) -> str:
    """Return the text of the declaration with a new feature. Raise FileError for one that exists."""
    definition = read_source(root, DEFINITION)
    if definition.has(name):
        raise FileError(f"{DEFINITION} has {name} already; choose another name.")
    definition.insert_before("FEATURES", block)
    definition.append("FEATURES", name)
    return definition.text
