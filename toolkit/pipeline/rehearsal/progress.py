"""The progress of a rehearsal, in a file with access for its user only."""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from toolkit.pipeline.rehearsal.model import Difference
from toolkit.pipeline.rehearsal.redaction import ReportRedactor
from toolkit.stacks.errors import FileError, RefusedError
from toolkit.stacks.json_documents import read_json_object

Result = Literal["running", "done", "found", "failed", "undone"]
DONE = frozenset({"done", "found"})


@dataclass
class Attempt:
    """One attempt of a step; `running` is an interrupted one."""

    step: str
    result: Result
    started: str
    seconds: float = 0
    detail: str = ""
    differences: Sequence[Difference] = ()
    answers: dict[str, str] = field(default_factory=dict)


@dataclass
class Progress:
    """The attempts of a stack's rehearsal in their order, kept in `file`."""

    file: Path
    stack: str
    attempts: list[Attempt] = field(default_factory=list)
    secrets: tuple[str, ...] = ()

    @classmethod
    def read(cls, file: Path, stack: str) -> "Progress":
        """Return the content of the file; empty where there is none. Raises RefusedError."""
        if not os.path.lexists(file):
            return cls(file, stack)
        try:
            document = read_json_object(file)
            attempts = TypeAdapter(list[Attempt]).validate_python(document["attempts"])
            rehearsed = str(document["stack"])
        except (FileError, KeyError, ValidationError):
            raise RefusedError(f"{file} is damaged: remove it; steps that are met already are not run again.") from None
        if rehearsed != stack:
            raise RefusedError(f"{file} is of the stack {rehearsed}: undo that rehearsal or remove the file first.")
        return cls(file, stack, attempts)

    def last(self, step: str) -> Attempt | None:
        """Return the last attempt of a step."""
        return next((one for one in reversed(self.attempts) if one.step == step), None)

    def is_done(self, step: str) -> bool:
        """Return whether the rehearsal did the step, or found it done."""
        last = self.last(step)
        return last is not None and last.result in DONE

    def can_undo(self, step: str) -> bool:
        """Return whether the rehearsal began the step and has not undone it; what it found done stays."""
        own = [one.result for one in self.attempts if one.step == step and one.result != "found"]
        return bool(own) and own[-1] != "undone"

    def begin(self, step: str) -> Attempt:
        """Record the start of a step."""
        attempt = Attempt(step, "running", datetime.now(UTC).isoformat(timespec="milliseconds"))
        self.attempts.append(attempt)
        self.save()
        return attempt

    def save(self) -> None:
        """Write the file without secrets, readable by its user only."""
        now, last = datetime.now(UTC), self.attempts[-1] if self.attempts else None
        if last is not None and last.result != "running":
            last.seconds = (now - datetime.fromisoformat(last.started)).total_seconds()
        document = {"stack": self.stack, "attempts": [asdict(one) for one in self.attempts]}
        write_private(self.file, json.dumps(ReportRedactor(self.secrets).value(document), indent=2) + "\n")

    def differences(self, steps: Iterable[str]) -> list[tuple[str, Difference]]:
        """Return the differences of each step: those of its last complete attempt, and every error before it."""
        kept: dict[tuple[str, Difference], None] = {}
        for step in steps:
            for attempt in (one for one in self.attempts if one.step == step):
                last = attempt is self.last(step) or attempt.result in DONE
                for difference in attempt.differences:
                    if last or difference.kind == "error":
                        kept[step, difference] = None
        return list(kept)


def write_private(file: Path, text: str) -> None:
    """Write a file atomically, readable by its user only."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = file.with_suffix(f"{file.suffix}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(text)
    new.replace(file)
