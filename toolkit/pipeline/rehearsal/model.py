"""The steps of a rehearsal as data, their commands, and the differences that they find."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal

from toolkit.engine.runs import EngineRun
from toolkit.pipeline.doctor.model import CheckResult
from toolkit.stacks.files import output_file

Prices = Literal["account", "stack"]


class RequiredRole(StrEnum):
    """The permissions that a step needs."""

    ANYONE = "anyone"
    ACCOUNT = "an administrator of the AWS account"
    REPOSITORY = "an administrator of the GitHub repository"


class StartedBy(StrEnum):
    """Who starts a command: the rehearsal, the person, or the step's check, which does the same itself."""

    REHEARSAL = "run"
    PERSON = "by hand"
    CHECK = "checked"


@dataclass(frozen=True)
class Command:
    """One command as typed, which no shell runs; in an argument `{name}` is replaced by a fact or a stack output."""

    line: str
    by: StartedBy = StartedBy.REHEARSAL
    folder: str = "."
    local_backend: bool = False
    """Whether the state is on this machine, before the account has its bucket."""
    random_secret: bool = False
    """Whether it reads a new secret from standard input."""
    asks: bool = False
    """Whether it needs another confirmation, after the command before it showed its effect."""

    @property
    def argv(self) -> list[str]:
        """Return the arguments, before the facts are filled in."""
        return shlex.split(self.line)

    def filled(self, facts: Mapping[str, str]) -> list[str]:
        """Return the arguments with the facts filled in."""
        return [argument.format_map(facts) for argument in self.argv]

    def shown(self, facts: Mapping[str, str]) -> str:
        """Return the command as typed in the repository's root."""
        text = shlex.join(self.filled(facts))
        text = f"PULUMI_BACKEND_URL={facts['local_backend']} {text}" if self.local_backend else text
        text = f"openssl rand -base64 32 | {text}" if self.random_secret else text
        return text if self.folder == "." else f"(cd {shlex.quote(self.folder)} && {text})"


@dataclass(frozen=True)
class Difference:
    """A difference from the embedded AWS."""

    kind: str
    where: str
    embedded: str
    real: str


@dataclass(frozen=True)
class Step:
    """One step of the rehearsal."""

    name: str
    title: str
    does: str
    who: RequiredRole
    commands: tuple[Command, ...]
    expected: str
    """The result of the same step in the embedded AWS."""
    check: "Callable[[Context], Sequence[CheckResult]] | None" = None
    """None where only the doctor's checks of `settles` must pass."""
    costs: Prices | None = None
    undo: tuple[Command, ...] = ()
    undo_note: str = ""
    hint: str = ""
    """The usual cause of a failure of this step."""
    settles: tuple[str, ...] = ()
    """The names (with wildcards) of the doctor's checks that must pass after this step."""
    record: "Callable[[Context], Sequence[Difference]] | None" = None
    uses_account: bool = True

    @property
    def skips_when_done(self) -> bool:
        """Return whether the step is done where its check passes already."""
        return bool(self.settles)


class Facts(dict[str, str]):
    """Facts by name; unknown ones come from `resolve`."""

    def __init__(self, known: Mapping[str, str], resolve: Callable[[str], str]) -> None:
        super().__init__(known)
        self._resolve = resolve

    def __missing__(self, name: str) -> str:
        return self._resolve(name)


@dataclass
class Context:
    """One stack of the checkout in `root`, with the facts and results of the running rehearsal."""

    stack: str
    root: Path
    facts: Mapping[str, str]
    outputs: Path | None = None
    """A file with the stack's outputs, instead of its state."""
    wait_seconds: float = 1800
    pause_seconds: float = 10
    started: str = ""
    """The start of the present step, in UTC."""
    runs: dict[str, EngineRun] = field(default_factory=dict)
    """The engine's runs in the present step, by command."""
    answers: dict[str, str] = field(default_factory=dict)
    """Observations of the present step on the open questions, by question."""

    @property
    def folder(self) -> Path:
        """Return the folder of the rehearsal's files, which only its user can read."""
        folder = output_file(self.root, "rehearsal")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder
