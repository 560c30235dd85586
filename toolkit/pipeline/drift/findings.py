"""The findings of a drift check, and the file that keeps them."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from toolkit.stacks.errors import FileError
from toolkit.stacks.files import write_file
from toolkit.stacks.json_documents import read_json
from toolkit.stacks.stack_files import StackName


class DriftFileError(FileError):
    """A file with the findings of a drift check cannot be read."""


@dataclass(frozen=True)
class DriftFinding:
    """One resource that differs from the last deployment."""

    urn: str
    kind: str
    """changed, deleted or code."""
    properties: tuple[str, ...] = ()
    detail: str = ""


@dataclass(frozen=True)
class Drift:
    """The findings of one stack."""

    stack: StackName
    clean: bool
    findings: tuple[DriftFinding, ...] = ()

    @staticmethod
    def of(stack: StackName, findings: Sequence[DriftFinding]) -> "Drift":
        """Return the result of a check."""
        return Drift(stack, not findings, tuple(findings))

    def document(self) -> dict[str, Any]:
        """Return the findings as JSON data."""
        return asdict(self)

    def write(self, path: Path) -> None:
        """Write the findings to a file."""
        write_file(path, json.dumps(self.document(), indent=2) + "\n")


_DRIFT = TypeAdapter(Drift)


def read_drift(path: Path) -> Drift:
    """Return the findings in a file. Raises DriftFileError."""
    try:
        return _DRIFT.validate_python(read_json(path))
    except (FileError, ValidationError):
        raise DriftFileError(f"{path} holds no findings of a drift check; write it: ./stack drift STACK") from None
