"""Finds the Pulumi CLI on PATH, or builds it once from its Go modules."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from toolkit.engine.errors import EngineError

HERE = Path(__file__).resolve().parent
BUILT = HERE.parents[1] / "build" / "engine" / "pulumi"
PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
PACKAGES_A_LINE = 250


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
