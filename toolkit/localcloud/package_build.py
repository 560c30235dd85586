"""Runs the command that builds the Lambda package."""

import os
import shlex
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from toolkit.localcloud.running import LocalCloudError
from toolkit.stacks.errors import shown

GRACE_SECONDS = 5
"""How long an interrupted build may take to end."""


def start_build(command: str, root: Path, umask: int) -> subprocess.Popen[bytes]:
    """Start the command that builds the package; it writes to the same terminal, and creates files with this umask."""
    try:
        words = shlex.split(command) or [""]
    except ValueError as error:
        raise LocalCloudError(f"The build command {shown(command)} is not a command: {error}.") from None
    try:
        return subprocess.Popen(  # noqa: S603 - the caller's own command, no shell
            words,
            cwd=root,
            stdin=subprocess.DEVNULL,
            umask=umask,
            start_new_session=True,  # the parent handles Ctrl-C and interrupts the build
        )
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "a null byte is in it"
        raise LocalCloudError(
            f"The build command {shown(words[0])} cannot be run ({reason}): start with `make up`."
        ) from error


def finish_build(build: subprocess.Popen[bytes]) -> None:
    """Wait for a build. Raises LocalCloudError where it failed; the build has printed the reason."""
    if build.wait() != 0:
        raise LocalCloudError("The Lambda package was not built: see the message above.")


def end_build(build: subprocess.Popen[bytes]) -> None:
    """End a build that still runs, with its processes: first by SIGINT, then by SIGKILL."""
    if build.poll() is not None:
        return
    for number in (signal.SIGINT, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(build.pid, number)
        with suppress(subprocess.TimeoutExpired):
            build.wait(timeout=GRACE_SECONDS)
