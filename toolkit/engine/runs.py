"""Runs operations of the Pulumi engine on one stack, and reads their events."""

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from toolkit.engine import EngineError
from toolkit.engine.answers import EVENT, LOGGED_IN, OUTPUTS, STACKS, STATE, read_answer
from toolkit.engine.cli import QUIET_OPTIONS, cli_of
from toolkit.engine.events import UpdateStep, Violation, changes_in, errors_in, violations_in
from toolkit.engine.process import Report, log_of, run_to_its_end
from toolkit.stacks.errors import FileError, RefusedError
from toolkit.stacks.files import read_text
from toolkit.stacks.stack_files import refuse_override

POLICIES = "policies"
WRITING = {"up": "update", "destroy": "removal"}
"""The commands that write, by their common names."""


@dataclass(frozen=True)
class EngineRun:
    """The result of one preview, update, refresh or destroy: exit code, output and events."""

    command: str
    code: int
    output: str
    events: tuple[Mapping[str, Any], ...]

    @property
    def succeeded(self) -> bool:
        """Return whether the exit code is 0."""
        return self.code == 0

    @cached_property
    def steps(self) -> tuple[UpdateStep, ...]:
        """Return the step of every resource, unchanged ones included."""
        return changes_in(self.events)

    @property
    def changes(self) -> tuple[UpdateStep, ...]:
        """Return the steps of the resources that change."""
        return tuple(step for step in self.steps if step.operation != "same")

    @property
    def operations(self) -> dict[str, str]:
        """Return the operation of each resource that changes, by URN."""
        return {change.urn: change.operation for change in self.changes}

    @property
    def counts(self) -> Counter[str]:
        """Return the number of resources by operation."""
        return Counter(self.operations.values())

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Return the violations that the policy pack reports."""
        return violations_in(self.events)

    @property
    def errors(self) -> tuple[str, ...]:
        """Return the errors of the events, else the CLI's error lines, else its last line."""
        errors = errors_in(self.events)
        lines = [line for line in self.output.splitlines() if line.strip()]
        printed = tuple(line.removeprefix("error: ") for line in lines if line.startswith("error: "))
        return () if self.succeeded else errors or printed or tuple(lines[-1:])


def refuse_failed(ended: EngineRun) -> None:
    """Raise RefusedError with the errors of the engine and the violations, unless the run succeeded."""
    if ended.succeeded:
        return
    blocking = [
        f"{found.urn.rpartition('::')[2] or 'the stack'} breaks {found.rule}: {' '.join(found.message.split())}"
        for found in ended.violations
        if found.level == "mandatory"
    ]
    reasons = "; ".join(blocking or ended.errors)
    half_way = "; what was done by then is in the state: plan again" if ended.command in WRITING else ""
    raise RefusedError(f"The {WRITING.get(ended.command, ended.command)} of the stack failed: {reasons}{half_way}")


class StackRun:
    """One stack of the project in `root`; backend, passphrase and AWS come from the environment, as the CLI takes them.

    `report` is called with each line that the CLI prints.
    """

    def __init__(self, stack: str, root: Path, report: Report | None = None) -> None:
        self.stack = stack
        self.root = root
        self._report = report or (lambda _line: None)

    def preview(self, *options: str) -> EngineRun:
        """Preview an update with the policy pack. Raises StackFileError where a person overrides the settings."""
        refuse_override(self.stack, self.root)
        return self._run_with_events("preview", *self._policies(), *options)

    def up(self, *options: str) -> EngineRun:
        """Update the stack with the policy pack. Raises StackFileError where a person overrides the settings."""
        refuse_override(self.stack, self.root)
        return self._run_with_events("up", "--yes", "--skip-preview", *self._policies(), *options)

    def refresh(self, *options: str) -> EngineRun:
        """Compare the state with the cloud; without `--preview-only` among the options the state is written."""
        agreed = () if "--preview-only" in options else ("--yes", "--skip-preview")
        return self._run_with_events("refresh", *agreed, *options)

    def destroy(self, *options: str) -> EngineRun:
        """Delete every resource; the preview that refuses where something is protected comes first."""
        agreed = () if "--preview-only" in options else ("--yes",)
        return self._run_with_events("destroy", *agreed, *options)

    def create(self, *options: str) -> None:
        """Create the stack in the backend. Raises EngineError."""
        log = log_of(self.root, self.stack)
        arguments = ["stack", "init", "--stack", self.stack, *options, *QUIET_OPTIONS]
        if self._ended(arguments, log, writes=True) != 0:
            reason = log.read_text(errors="replace").strip().rpartition("\n")[2].removeprefix("error: ")
            raise EngineError(f"`pulumi stack init` failed: {reason or 'it printed no reason'}")

    def export(self) -> dict[str, Any]:
        """Return the state with encrypted secrets. Raises EngineError."""
        _, exported = read_answer(STATE, self.ask("stack", "export"), "The state that `pulumi stack export` prints")
        state: dict[str, Any] = exported
        return state

    def outputs(self, *, reveal: bool = False) -> dict[str, Any]:
        """Return the stack's outputs; secret ones are masked unless `reveal`."""
        text = self.ask("stack", "output", "--json", *(["--show-secrets"] if reveal else []))
        return read_answer(OUTPUTS, text, "What `pulumi stack output` prints")[0]

    def ask(self, *command: str) -> str:
        """Return what another command on this stack prints. Raises EngineError with the CLI's reason."""
        return cli_of(self.root).answer(*command, "--stack", self.stack)

    def _policies(self) -> tuple[str, ...]:
        """Return the options for the project's policy pack; the bootstrap program has none."""
        pack = self.root / POLICIES
        return ("--policy-pack", str(pack)) if pack.is_dir() else ()

    def _run_with_events(self, command: str, *options: str) -> EngineRun:
        writes = command != "preview" and "--preview-only" not in options
        with tempfile.TemporaryDirectory(prefix="engine-") as folder:
            events = Path(folder) / "events.json"
            arguments = [command, *options, "--event-log", str(events), *QUIET_OPTIONS]
            log = log_of(self.root, self.stack) if writes else Path(folder) / "output"
            code = self._ended([*arguments, "--stack", self.stack], log, writes=writes)
            output = log.read_text(errors="replace")
            logged = _events(events, command, code) if events.exists() else ()
        return EngineRun(command, code, output, logged)

    def _ended(self, arguments: Sequence[str], log: Path, *, writes: bool) -> int:
        # Without debug commands there is no --event-log.
        cli = cli_of(self.root)
        cli = replace(cli, environment={**cli.environment, "PULUMI_DEBUG_COMMANDS": "true"})
        return run_to_its_end(cli, arguments, log, self._report, self.stack if writes else None)


def backend_url(root: Path) -> str:
    """Return the URL of the backend that the CLI is logged in to. Raises EngineError."""
    return read_answer(LOGGED_IN, cli_of(root).answer("whoami", "--json"), "What `pulumi whoami` prints")[0].url


def stacks_in_backend(root: Path) -> list[str]:
    """Return the names of the project's stacks in the backend. Raises EngineError."""
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
