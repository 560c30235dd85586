"""Starts the Pulumi CLI."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.engine.environment import engine_environment
from toolkit.engine.errors import EngineError
from toolkit.engine.pulumi_cli import find_cli

QUIETLY = ("--non-interactive", "--color", "never")


@dataclass(frozen=True)
class PulumiCli:
    """The CLI for the project in one folder, with the variables that it gets."""

    program: str
    folder: Path
    environment: Mapping[str, str]

    def start(self, *arguments: str, **streams: Any) -> "subprocess.Popen[bytes]":
        """Start a command in its own session, so that Ctrl-C in a terminal does not reach it. Raises EngineError."""
        try:
            return subprocess.Popen(  # noqa: S603 - the CLI of this machine, no shell
                [self.program, *arguments],
                cwd=self.folder,
                env=dict(self.environment),
                start_new_session=True,
                **{"stdin": subprocess.DEVNULL, **streams},
            )
        except OSError as error:
            why = os.strerror(error.errno or 0)
            raise EngineError(f"The Pulumi CLI {self.program!r} cannot be run: {why}.") from None

    def answer(self, *command: str, typed: str = "") -> str:
        """Run a command to its end and return what it prints. Raises EngineError with the reason that it prints."""
        pipe = subprocess.PIPE
        with self.start(*command, *QUIETLY, stdin=pipe, stdout=pipe, stderr=pipe) as process:
            printed, problem = process.communicate(typed.encode())
        if process.returncode != 0:
            raise EngineError(f"`pulumi {' '.join(command)}` failed: {_reason(problem.decode(errors='replace'))}")
        return printed.decode(errors="replace")


def cli_of(folder: Path) -> PulumiCli:
    """Return this machine's CLI for a project; backend, passphrase and AWS come from this process's environment.

    Raises EngineError where there is none.
    """
    return PulumiCli(str(find_cli()), folder, engine_environment(os.environ))


def _reason(printed: str) -> str:
    lines = [line for line in printed.splitlines() if line.strip()]
    errors = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    return next(iter([*errors, *lines[-1:]]), "it printed no reason")
