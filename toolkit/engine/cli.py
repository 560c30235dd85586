"""Finds the Pulumi CLI on PATH or builds it once from its Go modules, and starts it.

The CLI takes each option of each command also from a variable, PULUMI_OPTION_ and the option's name. So
PULUMI_OPTION_IGNORE_PROTECT=true deletes protected resources (CLI 3.256 and newer), and PULUMI_OPTION_TARGET
updates only a part:
https://github.com/pulumi/pulumi/blob/v3.260.0/pkg/cmd/pulumi/pulumi.go, https://github.com/pulumi/pulumi/pull/24053
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.engine import EngineError

PREFIX = "PULUMI_OPTION_"
BYPASSING = ("ignore-protect", "skip-preview")
"""The options that bypass the protection of a resource: the preview rejects the deletion."""
FIRST_WITH_IGNORE_PROTECT = (3, 256)
_REMOVED_VARIABLES = {
    "PULUMI_CONTINUE_ON_ERROR",
    "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS",
    "PULUMI_DISABLE_VALIDATION",
    "PULUMI_RUN_PROGRAM",
    "PULUMI_SKIP_CHECKPOINTS",
    "PULUMI_SKIP_CONFIRMATIONS",
}
"""Other variables that change an update or its safety: sdk/go/common/env/env.go of the same version."""
_OFF = {"", "0", "f", "false"}
HERE = Path(__file__).resolve().parent
BUILT = HERE.parents[1] / "build" / "engine" / "pulumi"
PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
PACKAGES_A_LINE = 250
QUIET_OPTIONS = ("--non-interactive", "--color", "never")


def engine_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for the CLI, without those that add an option or bypass a check."""
    return {
        name: value
        for name, value in environment.items()
        if not (name.startswith(PREFIX) or name in _REMOVED_VARIABLES)
    }


def bypassing_variables(environment: Mapping[str, str]) -> list[str]:
    """Return the set variables that make the CLI bypass protection or skip its confirmation."""
    names = [PREFIX + option.replace("-", "_").upper() for option in BYPASSING]
    return [name for name in (*names, "PULUMI_SKIP_CONFIRMATIONS") if environment.get(name, "").lower() not in _OFF]


def find_cli() -> Path:
    """Return the CLI on PATH, else the one built earlier. Raises EngineError where there is neither."""
    found = shutil.which("pulumi") or (BUILT if BUILT.is_file() else None)
    if found is None:
        raise EngineError(
            "There is no Pulumi CLI on PATH: install it (https://www.pulumi.com/docs/install/), or run ./stack engine."
        )
    return Path(found)


def pulumi_cli() -> Path:
    """Return the CLI on PATH, else the one built earlier, else build it. Raises EngineError."""
    found = shutil.which("pulumi")
    if found:
        return Path(found)
    version = re.findall(r"github\.com/pulumi/pulumi/pkg/v3 (v\S+)", (HERE / "go.mod").read_text())[0]
    stamp = BUILT.with_suffix(".version")
    if not (BUILT.is_file() and stamp.is_file() and stamp.read_text() == version):
        _build(version)
        stamp.write_text(version)
    return BUILT


def _build(version: str) -> None:
    go = shutil.which("go")
    if go is None:
        raise EngineError(
            "Neither pulumi nor go is on PATH: install the Pulumi CLI (https://www.pulumi.com/docs/install/), "
            "or Go 1.26 or newer to have it built here."
        )
    _print_progress(f"Building the Pulumi CLI {version} from its Go modules, once: 6 to 10 minutes on two cores ...")
    BUILT.parent.mkdir(parents=True, exist_ok=True)
    flags = f"-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version={version}"
    command = [go, "build", "-v", "-mod=readonly", "-o", str(BUILT), "-ldflags", flags, PACKAGE]
    last_line, compiled = "", 0
    with subprocess.Popen(command, cwd=HERE, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 - go, with fixed arguments
        for line in process.stderr or ():
            last_line, compiled = line.strip() or last_line, compiled + 1
            if compiled % PACKAGES_A_LINE == 0:
                _print_progress(f"  {compiled} packages so far ({last_line})")
    if process.returncode != 0:
        raise EngineError(
            f"The Pulumi CLI could not be built: {last_line}; install it: https://www.pulumi.com/docs/install/"
        )
    _print_progress(f"Built {BUILT.relative_to(Path.cwd()) if BUILT.is_relative_to(Path.cwd()) else BUILT}.")


def _print_progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201 - a build takes minutes


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
        with self.start(*command, *QUIET_OPTIONS, stdin=pipe, stdout=pipe, stderr=pipe) as process:
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
