"""What a rehearsal is made of: steps as data, their commands, and the differences that they find."""

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


class Who(StrEnum):
    """The rights that a step needs."""

    ANYONE = "anyone"
    ACCOUNT = "an administrator of the AWS account"
    REPOSITORY = "an administrator of the GitHub repository"


class By(StrEnum):
    """Who starts a command: the rehearsal, the person, or the step's check, which does the same itself."""

    REHEARSAL = "run"
    PERSON = "by hand"
    CHECK = "checked"


@dataclass(frozen=True)
class Command:
    """One command as an argument list; `{name}` is replaced by a fact or an output of the stack."""

    argv: tuple[str, ...]
    by: By = By.REHEARSAL
    folder: str = "."
    local_backend: bool = False
    """Whether the state is on this machine, as before the account has its bucket."""
    random_secret: bool = False
    """Whether it reads a new secret from standard input."""
    asks: bool = False
    """Whether the person is asked again before it, because the command before it showed what it will do."""

    def filled(self, facts: Mapping[str, str]) -> list[str]:
        """The arguments with the facts in their places."""
        return [argument.format_map(facts) for argument in self.argv]

    def shown(self, facts: Mapping[str, str]) -> str:
        """The command as a person types it in the repository's root."""
        text = shlex.join(self.filled(facts))
        text = f"PULUMI_BACKEND_URL={facts['local_backend']} {text}" if self.local_backend else text
        text = f"openssl rand -base64 32 | {text}" if self.random_secret else text
        return text if self.folder == "." else f"(cd {shlex.quote(self.folder)} && {text})"


def by(who: By, *argv: str) -> Command:
    """A command that the rehearsal does not start itself."""
    return Command(argv, who)


@dataclass(frozen=True)
class Difference:
    """One thing that behaves differently from the embedded AWS."""

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
    who: Who
    commands: tuple[Command, ...]
    check: "Callable[[Context], Sequence[CheckResult]]"
    expected: str
    """What the same step does with the embedded AWS."""
    costs: Prices | None = None
    undo: tuple[Command, ...] = ()
    undo_note: str = ""
    hint: str = ""
    """What a failure of this step usually means."""
    settles: tuple[str, ...] = ()
    """The names (with wildcards) of the doctor's checks that must pass after this step."""
    record: "Callable[[Context], Sequence[Difference]] | None" = None
    uses_account: bool = True

    @property
    def skips_when_met(self) -> bool:
        """Return whether there is nothing to run where the check passes already."""
        return bool(self.settles)


class Facts(dict[str, str]):
    """Facts by name; what is not known yet comes from `resolve`."""

    def __init__(self, known: Mapping[str, str], resolve: Callable[[str], str]) -> None:
        super().__init__(known)
        self._resolve = resolve

    def __missing__(self, name: str) -> str:
        return self._resolve(name)


@dataclass
class Context:
    """One stack of the checkout in `root`, and what the rehearsal knows of it while it runs."""

    stack: str
    root: Path
    facts: Mapping[str, str]
    outputs: Path | None = None
    """A file with the stack's outputs, in the place of its state."""
    wait_seconds: float = 1800
    pause_seconds: float = 10
    started: str = ""
    """When the present step began, in UTC."""
    runs: dict[str, EngineRun] = field(default_factory=dict)
    """The engine's runs in the present step, by command."""
    answers: dict[str, str] = field(default_factory=dict)
    """What the present step observed of the open questions, by question."""

    @property
    def folder(self) -> Path:
        """The folder of the rehearsal's own files, for its user alone."""
        found = output_file(self.root, "rehearsal")
        found.mkdir(parents=True, exist_ok=True, mode=0o700)
        return found
