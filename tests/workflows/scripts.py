"""Runs the scripts of the workflows as GitHub does, with programs that only write down how they were called."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.workflows.workflow_files import BLOCKS, EXPRESSION, Block

PROGRAMS = ("aws", "gh", "git", "make", "pip-audit", "pulumi", "sudo", "zizmor")
COMMIT = "0123456789abcdef0123456789abcdef01234567"
RECORD, ARGUMENT = "\x1e", "\x1f"
STUB = f"""#!/bin/bash
printf '%s' "${{0##*/}}" >> "$CALLS"
for argument in "$@"; do printf '{ARGUMENT}%s' "$argument" >> "$CALLS"; done
printf '{RECORD}' >> "$CALLS"
[[ ${{0##*/}} != gh ]] || echo {COMMIT}
calls=$(< "$CALLS") only="${{calls//[^{RECORD}]/}}"
[[ ${{#only}} != "$FAILING" ]]
"""
FILES = ("GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")
OF_THE_RUN = {"GITHUB_REPOSITORY": "example/items-api", "GITHUB_RUN_ID": "1234567890", "GITHUB_RUN_ATTEMPT": "1"}


@dataclass(frozen=True)
class Ended:
    """How a script ended: its code, the programs it called, the words it left in GitHub's files, what it said."""

    code: int
    calls: list[list[str]]
    written: Mapping[str, str]
    said: str


@dataclass(frozen=True)
class Machine:
    """A folder that a script runs in, with the package, the plan and the programs that it expects."""

    folder: Path

    @property
    def work(self) -> Path:
        """Where the script starts."""
        return self.folder / "work"

    def prepare(self) -> "Machine":
        """Make the folder."""
        programs, built = self.folder / "bin", self.work / "build" / "dev"
        for folder in (programs, built, self.work / "build" / "plan" / "dev", self.work / "requirements"):
            folder.mkdir(parents=True)
        for program in (self.work / "stack", *(programs / name for name in PROGRAMS)):
            program.write_text(STUB)
            program.chmod(0o755)
        (built / "function.zip").write_bytes(b"zip")
        (self.work / "build" / "dossier").mkdir()
        (self.work / "build" / "dossier" / "summary.md").write_text("What changes.")
        (self.work / "build" / "plan" / "dev" / "manifest.json").write_text(
            '{"operations": {"urn:a": "create", "urn:b": "same"}, "changes": true, "plan_sha256": "0123456789abcdef",'
            ' "package_sha256": "fedcba9876543210"}'
        )
        return self

    def run(self, script: str, env: Mapping[str, str], failing: int = 0) -> Ended:
        """Run a script; of the programs it calls the `failing`th fails, none if 0."""
        for name in ("CALLS", *FILES):
            (self.folder / name).write_text("")
        (self.folder / "script.sh").write_text(script)
        files = {name: str(self.folder / name) for name in ("CALLS", *FILES)}
        path = f"{self.folder / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin"
        given = {"PATH": path, "FAILING": str(failing), **OF_THE_RUN, **files, **env}
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(self.folder / "script.sh")]
        ended = subprocess.run(
            command,
            cwd=self.work,
            env={name: value for name, value in given.items() if value != ABSENT},
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        recorded = (self.folder / "CALLS").read_text().split(RECORD)[:-1]
        calls = [call.split(ARGUMENT) for call in recorded]
        return Ended(
            ended.returncode,
            calls,
            {name: (self.folder / name).read_text() for name in FILES},
            ended.stdout + ended.stderr,
        )


ABSENT = "\0absent"
"""Stands for a variable that is not there at all."""

USUAL = {
    "STACK": "dev",
    "NUMBER": "7",
    "SHA256": "4a70fe9aa6436e02c2dea340fbd1e352e4ef2d8ce6ca52ad25d4b95471fc8bf2",
    "VERSION": "",
    "ALLOW_DATA_LOSS": "",
    "ALLOW_OLDER": "false",
    "CONFIRM": "destroy dev",
}


def given(block: Block, **instead: str) -> dict[str, str]:
    """The variables of a script on a usual day; what is written without an expression stays as it is."""
    usual = {**USUAL, "CONFIRM": f"{'roll back' if block.job.workflow == 'rollback' else 'destroy'} dev"}
    return {
        name: usual.get(name, "set") if EXPRESSION.search(value) else value for name, value in block.env.items()
    } | instead


def filled(block: Block) -> set[str]:
    """Return the variables with a value from GitHub or from the person who started the run."""
    return {name for name, value in block.env.items() if EXPRESSION.search(value)}


def used(block: Block) -> set[str]:
    """Those of them, and of GitHub's own, that the script itself reads."""
    bare = block.script.replace("{", "")
    return {name for name in filled(block) | {*FILES, *OF_THE_RUN} if f"${name}" in bare}


def block_named(name: str) -> Block:
    """The only script of this name: workflow, job and step."""
    (found,) = (block for block in BLOCKS if str(block) == name)
    return found
