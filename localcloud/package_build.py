"""Runs the command that builds the Lambda package; how it builds is its own affair."""

import os
import shlex
import subprocess
from pathlib import Path

from localcloud.running import LocalCloudError


def start_build(command: str, root: Path) -> subprocess.Popen[bytes]:
    """Start the command that builds the package; it speaks to the same terminal."""
    words = shlex.split(command)
    try:
        return subprocess.Popen(words, cwd=root, stdin=subprocess.DEVNULL)  # noqa: S603 - the caller's own command, no shell
    except OSError as error:
        raise LocalCloudError(
            f"The build command {words[0]!r} cannot be run ({os.strerror(error.errno or 0)}): start with `make up`."
        ) from error


def finish_build(build: subprocess.Popen[bytes]) -> None:
    """Wait for a build; LocalCloudError where it failed, after its own words."""
    if build.wait() != 0:
        raise LocalCloudError("The Lambda package was not built: see the sentence above.")
