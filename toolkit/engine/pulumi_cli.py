"""Finds the Pulumi CLI on PATH, or builds it once from its Go modules."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILT = HERE.parents[1] / "build" / "engine" / "pulumi"
PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
PACKAGES_A_LINE = 250


class CliError(Exception):
    """There is no Pulumi CLI and none can be built; one sentence says what to do."""


def pulumi_cli() -> Path:
    """The CLI on PATH, else the one built earlier, else one built now; raises CliError."""
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
        raise CliError(
            "Neither pulumi nor go is on PATH: install the Pulumi CLI (https://www.pulumi.com/docs/install/), "
            "or Go 1.26 or newer to have it built here."
        )
    _say(f"Building the Pulumi CLI {version} from its Go modules, once: 6 to 10 minutes on two cores ...")
    BUILT.parent.mkdir(parents=True, exist_ok=True)
    flags = f"-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version={version}"
    command = [go, "build", "-v", "-mod=readonly", "-o", str(BUILT), "-ldflags", flags, PACKAGE]
    words, compiled = "", 0
    with subprocess.Popen(command, cwd=HERE, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 - go, with fixed arguments
        for line in process.stderr or ():
            words, compiled = line.strip() or words, compiled + 1
            if compiled % PACKAGES_A_LINE == 0:
                _say(f"  {compiled} packages so far ({words})")
    if process.returncode != 0:
        raise CliError(f"The Pulumi CLI could not be built: {words}; install it: https://www.pulumi.com/docs/install/")
    _say(f"Built {BUILT.relative_to(Path.cwd()) if BUILT.is_relative_to(Path.cwd()) else BUILT}.")


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)  # noqa: T201 - progress for whoever waits


if __name__ == "__main__":
    try:
        print(pulumi_cli())  # noqa: T201 - the command's answer
    except CliError as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit("Stopped; what was compiled is kept for the next time.")
