"""The versions that the alias of a stack pointed to, in build/release/<stack>-versions.json."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from toolkit.stacks.errors import FileError, RefusedError
from toolkit.stacks.files import output_file, write_file
from toolkit.stacks.json_documents import read_json


@dataclass(frozen=True)
class Move:
    """Callers went from one version to another; `at` is UTC."""

    kind: Literal["deployed", "rolled back"]
    before: str
    after: str
    at: str


_MOVES = TypeAdapter(list[Move])


class History:
    """The moves of a stack's callers, the oldest first."""

    def __init__(self, root: Path, stack: str) -> None:
        self._file = output_file(root, "release", f"{stack}-versions.json")

    def moves(self) -> Sequence[Move]:
        """Return all recorded moves. Raises RefusedError where the file cannot be read."""
        try:
            return _MOVES.validate_python(read_json(self._file)) if os.path.lexists(self._file) else ()
        except (FileError, ValidationError):
            raise RefusedError(
                f"{self._file} is not what was written there: remove it, or name the version with --to."
            ) from None

    def predecessor_of(self, version: str) -> str | None:
        """Return the version before this one; None if unknown."""
        found = [move.before for move in self.moves() if move.kind == "deployed" and move.after == version]
        return found[-1] if found else None

    @property
    def rolled_back(self) -> frozenset[str]:
        """Return the versions that were rolled back and not deployed again."""
        rolled_back: set[str] = set()
        for move in self.moves():
            rolled_back.discard(move.after)
            if move.kind == "rolled back" and int(move.before) > int(move.after):
                rolled_back.add(move.before)
        return frozenset(rolled_back)

    def add(self, kind: Literal["deployed", "rolled back"], before: str, after: str) -> None:
        """Record a move."""
        moves = [*self.moves(), Move(kind, before, after, datetime.now(UTC).isoformat(timespec="seconds"))]
        write_file(self._file, json.dumps([asdict(move) for move in moves], indent=2) + "\n")
