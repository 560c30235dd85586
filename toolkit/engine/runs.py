"""Runs the Pulumi CLI over one stack, and keeps what the engine said of it even when it failed."""

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from toolkit.engine.answers import EVENT, LOGGED_IN, OUTPUTS, STACKS, STATE, read_answer
from toolkit.engine.cli import QUIETLY, cli_of
from toolkit.engine.errors import EngineError
from toolkit.engine.events import Change, Violation, changes_in, errors_in, violations_in
from toolkit.engine.process import Report, log_of, run_to_its_end
from toolkit.stacks.errors import FileError
from toolkit.stacks.files import read_text

POLICIES = "policies"


@dataclass(frozen=True)
class EngineRun:
    """How one preview, update, refresh or destroy ended, and what the engine said while it ran."""

    command: str
    code: int
    output: str
    events: tuple[Mapping[str, Any], ...]

    @property
    def succeeded(self) -> bool:
        """Whether the CLI ended with 0."""
        return self.code == 0

    @cached_property
    def steps(self) -> tuple[Change, ...]:
        """What the engine decided for every resource, those that stay the same among them."""
        return changes_in(self.events)

    @property
    def changes(self) -> tuple[Change, ...]:
        """The resources that do not stay as they are."""
        return tuple(step for step in self.steps if step.operation != "same")

    @property
    def operations(self) -> dict[str, str]:
        """The operation by URN, of the resources that do not stay as they are."""
        return {change.urn: change.operation for change in self.changes}

    @property
    def counts(self) -> Counter[str]:
        """How many resources have which operation."""
        return Counter(self.operations.values())

    @property
    def violations(self) -> tuple[Violation, ...]:
        """What the policy pack found."""
        return violations_in(self.events)

    @property
    def errors(self) -> tuple[str, ...]:
        """What went wrong, in the engine's words; where it said nothing in an event, the CLI's last line."""
        told = errors_in(self.events)
        lines = [line for line in self.output.splitlines() if line.strip()]
        spoken = tuple(line.removeprefix("error: ") for line in lines if line.startswith("error: "))
        return () if self.succeeded else told or spoken or tuple(lines[-1:])


class StackRun:
    """One stack of the project in `root`; backend, passphrase and AWS come from the environment, as the CLI takes them.

    `report` is told each line that the CLI prints.
    """

    def __init__(self, stack: str, root: Path, report: Report | None = None) -> None:
        self.stack = stack
        self.root = root
        self._report = report or (lambda _line: None)

    def preview(self, *options: str) -> EngineRun:
        """What an update would do, judged by the policy pack."""
        return self._watched("preview", *self._policies(), *options)

    def up(self, *options: str) -> EngineRun:
        """Update the stack, judged by the policy pack."""
        return self._watched("up", "--yes", "--skip-preview", *self._policies(), *options)

    def refresh(self, *options: str) -> EngineRun:
        """Compare the state with the cloud; without `--preview-only` among the options the state is written."""
        agreed = () if "--preview-only" in options else ("--yes", "--skip-preview")
        return self._watched("refresh", *agreed, *options)

    def destroy(self, *options: str) -> EngineRun:
        """Delete every resource; the preview that refuses where something is protected comes first."""
        agreed = () if "--preview-only" in options else ("--yes",)
        return self._watched("destroy", *agreed, *options)

    def create(self, *options: str) -> None:
        """Make the stack in the backend, which is locked meanwhile. Raises EngineError."""
        log = log_of(self.root, self.stack)
        arguments = ["stack", "init", "--stack", self.stack, *options, *QUIETLY]
        if self._ended(arguments, log, writes=True) != 0:
            reason = log.read_text(errors="replace").strip().rpartition("\n")[2].removeprefix("error: ")
            raise EngineError(f"`pulumi stack init` failed: {reason or 'it said nothing'}")

    def export(self) -> dict[str, Any]:
        """The state, its secrets encrypted; EngineError where there is none to be had."""
        _, exported = read_answer(STATE, self.ask("stack", "export"), "The state that `pulumi stack export` prints")
        whole: dict[str, Any] = exported
        return whole

    def outputs(self, *, reveal: bool = False) -> dict[str, Any]:
        """The stack's outputs, the secret ones only on request."""
        text = self.ask("stack", "output", "--json", *(["--show-secrets"] if reveal else []))
        return read_answer(OUTPUTS, text, "What `pulumi stack output` prints")[0]

    def ask(self, *command: str) -> str:
        """What the CLI answers to any other command on this stack; EngineError with its reason where it refuses."""
        return cli_of(self.root).answer(*command, "--stack", self.stack)

    def _policies(self) -> tuple[str, ...]:
        """The project's pack; the foundation of an account, which has none, is judged by people."""
        pack = self.root / POLICIES
        return ("--policy-pack", str(pack)) if pack.is_dir() else ()

    def _watched(self, command: str, *options: str) -> EngineRun:
        writes = command != "preview" and "--preview-only" not in options
        with tempfile.TemporaryDirectory(prefix="engine-") as folder:
            events = Path(folder) / "events.json"
            arguments = [command, *options, "--event-log", str(events), *QUIETLY]
            log = log_of(self.root, self.stack) if writes else Path(folder) / "output"
            code = self._ended([*arguments, "--stack", self.stack], log, writes=writes)
            output = log.read_text(errors="replace")
            said = _events(events, command, code) if events.exists() else ()
        return EngineRun(command, code, output, said)

    def _ended(self, arguments: Sequence[str], log: Path, *, writes: bool) -> int:
        # Without debug commands there is no --event-log.
        cli = cli_of(self.root)
        cli = replace(cli, environment={**cli.environment, "PULUMI_DEBUG_COMMANDS": "true"})
        return run_to_its_end(cli, arguments, log, self._report, self.stack if writes else None)


def backend_url(root: Path) -> str:
    """The backend that the CLI is logged in to. Raises EngineError."""
    return read_answer(LOGGED_IN, cli_of(root).answer("whoami", "--json"), "What `pulumi whoami` prints")[0].url


def stacks_in_backend(root: Path) -> list[str]:
    """The names of the project's stacks in the backend. Raises EngineError."""
    listed, _ = read_answer(STACKS, cli_of(root).answer("stack", "ls", "--json"), "What `pulumi stack ls` prints")
    return sorted(each.stack for each in listed)


def _events(file: Path, command: str, code: int) -> tuple[Mapping[str, Any], ...]:
    """What the engine wrote in its log of events, one a line.

    An engine that was killed leaves a part of a line, and such a run has failed anyway. Raises EngineError.
    """
    name = f"The event log of `pulumi {command}`"
    found: list[Mapping[str, Any]] = []
    try:
        lines = (line for line in read_text(file).split("\n") if line)
        found.extend(read_answer(EVENT, line, name)[1] for line in lines)
    except FileError as error:
        if code == 0:
            raise EngineError(f"{name} cannot be read: {error}") from None
    except EngineError:
        if code == 0:
            raise
    return tuple(found)
