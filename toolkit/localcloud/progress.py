"""The progress output of `./stack up`: a live line per phase on a terminal, plain lines elsewhere."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.status import Status

from toolkit.configuration import configuration
from toolkit.localcloud.events.invoked_functions import InvokedFunction
from toolkit.localcloud.reconciler import Step
from toolkit.localcloud.running import RunningStack
from toolkit.stacks.terminal import styled

SIGNS = {"create": "+", "update": "~", "replace": "±", "delete": "-"}


@dataclass
class Progress:
    """The phases of a start and their durations in seconds."""

    console: Console
    seconds: dict[str, float] = field(default_factory=dict)
    _status: Status | None = None
    _steps: list[Step] = field(default_factory=list)

    @contextmanager
    def phase(self, name: str, activity: str | None = None) -> Iterator[None]:
        """Show `activity`, if any, while the body runs, then `name` with its time."""
        started = time.perf_counter()
        with self.console.status(styled(activity)) if activity else nullcontext() as status:
            self._status = status
            try:
                yield
            finally:
                self._status = None
        self.seconds[name] = time.perf_counter() - started
        self.console.print(styled(("✓", "green"), f" {name} ", (f"{self.seconds[name]:.1f} s", "dim")))

    def step(self, step: Step) -> None:
        """Show one resource; may be called from any thread."""
        self._steps.append(step)
        if self._status:
            self._status.update(styled(f"{len(self._steps)} resources  ", (f"{step.type} {step.name}", "dim")))

    def summary(self, stack: RunningStack, folder: Path, functions: Sequence[InvokedFunction]) -> None:
        """Print the addresses of the stack, its functions and an example request."""
        self.console.print(styled((self.timings(), "dim"), "\n"), soft_wrap=True)
        for name, value in (
            ("API", f"{stack.url}  (docs: {stack.url}/docs)"),
            ("embedded AWS", stack.endpoint_url),
            ("logs", f"{folder / 'logs'}/{{function,access,aws}}.log"),
            *(("function", _described(function)) for function in functions),
            ("a token", f"./stack token  (of another caller: {', '.join(self._other_users())})"),
        ):
            self.console.print(styled("  ", (f"{name:<14}", "bold"), value), soft_wrap=True)
        path, _, options = configuration().example_request.partition(" ")
        self.console.print(
            f"""\n  curl -s {stack.url}{path} -H "Authorization: Bearer $(./stack token)" {options}\n""",
            soft_wrap=True,
            markup=False,
        )
        self.console.print("Ctrl-C ends it.")

    def _other_users(self) -> list[str]:
        return [*(user.name for user in configuration().seed_users[1:]), "machine"]

    def reset_steps(self) -> None:
        """Count the changes from here."""
        self._steps.clear()

    def changes(self) -> str:
        """Return the changes since `reset_steps`, such as `+61` or `~2`."""
        counts = {sign: sum(step.action == action for step in self._steps) for action, sign in SIGNS.items()}
        return " ".join(f"{sign}{count}" for sign, count in counts.items() if count) or "no change"

    def timings(self) -> str:
        """Return the time of each phase."""
        phases = " · ".join(f"{name} {seconds:.1f} s" for name, seconds in self.seconds.items())
        return f"{phases} · in all {sum(self.seconds.values()):.1f} s"


def _described(function: InvokedFunction) -> str:
    invoked_by = ", ".join(function.invoked_by) or "nothing of this stack"
    return f"{function.name}  (invoked by {invoked_by}; log: {function.log.name})"
