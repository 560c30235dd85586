"""Run the steps of a rehearsal, check and record each, and undo them."""

import os
import subprocess
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from toolkit.engine.cli import engine_environment
from toolkit.engine.runs import EngineRun, StackRun
from toolkit.pipeline.doctor.model import CheckResult
from toolkit.pipeline.rehearsal.checks import github_of, results_of
from toolkit.pipeline.rehearsal.context import backend, require_account
from toolkit.pipeline.rehearsal.costs import Price
from toolkit.pipeline.rehearsal.differences import error_difference
from toolkit.pipeline.rehearsal.model import Command, Context, Difference, Prices, RequiredRole, StartedBy, Step
from toolkit.pipeline.rehearsal.progress import Attempt, Progress
from toolkit.pipeline.settings_and_outputs import BOOTSTRAP
from toolkit.stacks import EvaluationError, StackFileError
from toolkit.stacks.errors import RefusedError

ENGINE_COMMANDS = frozenset({"preview", "up", "refresh", "destroy"})
"""The commands of the Pulumi CLI whose events are kept: methods of StackRun with the same names."""
PASSPHRASES = ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE")
FAILURES = (RefusedError, StackFileError, EvaluationError, BotoCoreError, ClientError, httpx.HTTPError)
Say = Callable[[str], None]
Ask = Callable[[str], bool]


@dataclass(frozen=True)
class Rehearsal:
    """One run over a context; `ask` returns a confirmation, `say` prints a line."""

    context: Context
    progress: Progress
    prices: Mapping[Prices, Price]
    say: Say
    ask: Ask | None = None
    """None without a person: every step runs, and manual commands are skipped."""

    def run(self, steps: Sequence[Step]) -> None:
        """Run the steps in order. Raises RefusedError at the first that is refused, declined or fails."""
        for step in steps:
            self._run_step(step)

    def undo(self, steps: Sequence[Step]) -> list[str]:
        """Undo what the rehearsal did, the last step first, and return the steps' names. Raises RefusedError."""
        undone = []
        for step in reversed([step for step in steps if step.undo and self.progress.can_undo(step.name)]):
            self._require(step)
            self.say(f"Undo {step.name}: {step.title}")
            for command in step.undo:
                self.say(f"  {command.shown(self.context.facts)}")
            if step.undo_note:
                self.say(f"  {step.undo_note.format_map(self.context.facts)}")
            if self.ask is None and any(command.by is StartedBy.PERSON for command in step.undo):
                self.say(f"  left for you: {step.name} is undone by hand")
                continue
            self._confirm(f"Undo {step.name}?", f"undoing {step.name}")
            self._attempt(step, step.undo, undoing=True)
            undone.append(step.name)
        return undone

    def _run_step(self, step: Step) -> None:
        show(step, self.context, self.prices, self.say)
        self._require(step)
        if step.skips_when_done and self._is_already_done(step):
            return
        if step.costs and not any(attempt.step == step.name for attempt in self.progress.attempts):
            self._confirm(f"From here on AWS charges: {self.prices[step.costs]}. Go on?", step.name)
        else:
            self._confirm(f"Run the step {step.name}?", step.name)
        self._attempt(step, step.commands)

    def _require(self, step: Step) -> None:
        """Refuse an account or a repository that is not the stack's, before any change."""
        if step.uses_account:
            require_account(self.context)
        if step.who is RequiredRole.REPOSITORY:
            github_of(self.context)

    def _confirm(self, question: str, where: str) -> None:
        if self.ask is not None and not self.ask(question):
            raise RefusedError(f"Stopped before {where}: nothing was done in it; run the same command to go on.")

    def _is_already_done(self, step: Step) -> bool:
        results = self._passed_checks(step)
        if not results:
            return False
        self.say(f"  {step.name} is already done")
        self.context.runs, self.context.answers = {}, {}
        attempt = self.progress.begin(step.name)
        try:
            self._end(attempt, step, results, "found")
        except FAILURES as error:
            attempt.result, attempt.answers = "found", {f"{step.name} was not compared": str(error)}
            self.progress.save()
        return True

    def _passed_checks(self, step: Step) -> Sequence[CheckResult]:
        """Return the checks of a step if all of them pass."""
        try:
            with backend(self.context, local=False):
                results = results_of(step, self.context)
        except FAILURES:
            return ()
        return results if all(check.ok for check in results) else ()

    def _attempt(self, step: Step, commands: Sequence[Command], *, undoing: bool = False) -> None:
        context, attempt = self.context, self.progress.begin(step.name)
        context.runs, context.answers = {}, {}
        context.started = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        try:
            for command in commands:
                self._run(command)
            with backend(context, local=False):
                results = [] if undoing else results_of(step, context)
            self._refuse_failed(results)
            if undoing and step.skips_when_done and self._passed_checks(step):
                raise RefusedError("everything is still there")
            self._end(attempt, step, results, "undone" if undoing else "done")
        except FAILURES as error:
            attempt.result, attempt.detail = "failed", str(error)
            expected = "undone" if undoing else step.expected
            attempt.differences = (error_difference(step.name, expected, str(error)),)
            self.progress.save()
            raise RefusedError(f"{step.name} failed: {error}{_next_commands(step, context, undoing=undoing)}") from None

    def _end(self, attempt: Attempt, step: Step, results: Sequence[CheckResult], result: str) -> None:
        context = self.context
        if step.record is not None and result != "undone":
            self.say("  comparing with the embedded AWS")
            local = step.name == "bootstrap" and result == "done"  # its state moves in the next step
            with backend(context, local=local):
                attempt.differences = tuple(step.record(context))
        attempt.result = result  # type: ignore[assignment] # one of Result
        attempt.detail = "; ".join(f"{check.name}: {check.detail}" for check in results)
        attempt.answers = dict(context.answers)
        self.progress.save()
        for check in results:
            self.say(f"  ok: {check.name}: {check.detail}")
        self._say_differences(attempt.differences)

    def _say_differences(self, differences: Sequence[Difference]) -> None:
        for difference in differences[:5]:
            self.say(f"  differs: {difference.kind}, {difference.where}: {difference.embedded} → {difference.real}")
        if len(differences) > 5:
            self.say(f"  and {len(differences) - 5} more: ./stack rehearsal report")

    def _refuse_failed(self, results: Sequence[CheckResult]) -> None:
        if failed := [check for check in results if not check.ok]:
            problems = "; ".join(f"{check.name}: {check.detail} (fix: {check.fix})" for check in failed)
            raise RefusedError(problems)

    def _run(self, command: Command) -> None:
        shown = command.shown(self.context.facts)
        if command.by is StartedBy.CHECK:
            return
        if command.by is StartedBy.PERSON:
            self._confirm(f"By hand: {shown}\nDone?", "the command that you run by hand")
            return
        if command.asks:
            self._confirm(f"Go on with: {shown}?", shown)
        self.say(f"$ {shown}")
        argv, folder = command.filled(self.context.facts), self.context.root / command.folder
        if argv[0] == "pulumi" and command.folder == BOOTSTRAP and not any(map(os.environ.get, PASSPHRASES)):
            raise RefusedError(
                "PULUMI_CONFIG_PASSPHRASE is not set: export one of your choice and keep it; it encrypts the state of "
                "what prepares the account."
            )
        with backend(self.context, local=command.local_backend):
            if argv[0] == "pulumi" and argv[1] in ENGINE_COMMANDS:
                self._run_engine(argv, folder)
            else:
                start(argv, folder, os.urandom(32).hex() if command.random_secret else "")

    def _run_engine(self, argv: Sequence[str], folder: Path) -> None:
        """Run an operation of the engine and keep its events for the comparison."""
        options = [option for option in argv[2:] if option not in {"--stack", self.context.stack}]
        operation: Callable[..., EngineRun] = getattr(StackRun(self.context.stack, folder, self.say), argv[1])
        ended = self.context.runs[argv[1]] = operation(*options)
        if not ended.succeeded:
            raise RefusedError("; ".join(ended.errors[:5]) or f"pulumi {argv[1]} ended with {ended.code}")


def show(step: Step, context: Context, prices: Mapping[Prices, Price], say: Say) -> None:
    """Print a step: its description, permissions, cost, commands and undo."""
    say(f"\n{step.name}: {step.title}")
    say(wrapped(f"  {step.does}"))
    say(wrapped(f"  who: {step.who}; costs: {prices[step.costs] if step.costs else 'nothing'}"))
    for command in step.commands:
        say(f"  {command.by}: {command.shown(context.facts)}")
    say(wrapped(f"  embedded AWS: {step.expected}"))
    for command in step.undo:
        say(f"  undo: {command.shown(context.facts)}")


def wrapped(line: str) -> str:
    """Return the line wrapped at 100 columns; a command is not wrapped, so that it can be copied."""
    return textwrap.fill(line, 100, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)


def _next_commands(step: Step, context: Context, *, undoing: bool) -> str:
    command = f"./stack rehearsal {'undo' if undoing else 'run'} {context.stack}"
    if undoing:
        return f"\nOnce that is settled: {command}"
    undo = "".join(f"\n  undo: {one.shown(context.facts)}" for one in step.undo)
    return f"{'. ' if step.hint else ''}{step.hint}\nTo try it again: {command}; to go on elsewhere: --from STEP.{undo}"


def start(argv: list[str], folder: Path, typed: str) -> None:
    """Run a command to its end and show its output. Raises RefusedError."""
    try:
        ended = subprocess.run(  # noqa: S603 - an argument list, no shell
            argv,
            cwd=folder,
            env=engine_environment(os.environ),
            input=typed,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    except OSError as error:
        raise RefusedError(f"{argv[0]} cannot be run: {error.strerror}; install it and run this step again.") from None
    if ended.returncode != 0:
        lines = ended.stderr.strip().splitlines()
        raise RefusedError(f"`{' '.join(argv[:3])}` failed: {lines[-1] if lines else f'exit code {ended.returncode}'}")
