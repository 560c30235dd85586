"""The pipeline's commands in a clone of the program, as a workflow's job runs them."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.engine.engine import Engine
from tests.support.command_line import PROCESS_HERE
from tests.support.whole_program import ROOT

GIT = ("git", "-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said where."""

    code: int
    answer: str
    words: str

    @property
    def data(self) -> dict[str, Any]:
        """The answer that was asked for as JSON."""
        parsed: dict[str, Any] = json.loads(self.answer)
        return parsed


class Job:
    """A clone with the program of one stack, committed, and the environment in which its commands run."""

    def __init__(self, engine: Engine, cli: Path) -> None:
        self.engine = engine
        self.root = engine.root
        self._cli = cli
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "policies", self.root / "policies", ignore=ignored)
        (self.root / ".gitignore").write_text("build/\n__pycache__/\n")
        self.git("init", "--quiet")
        self.commit()

    def commit(self) -> None:
        """Commit everything as it is."""
        self.git("add", ".")
        self.git("commit", "--quiet", "--allow-empty", "--message", "a change")

    def run(self, command: str, *options: str, **environment: str | None) -> Said:
        """Run a command of the pipeline; None takes a variable out of its environment."""
        own = {**self.engine._environment(), "PYTHONPATH": str(ROOT), **environment}  # noqa: SLF001 - the same job
        own["PATH"] = os.pathsep.join([str(self._cli.parent), str(own["PATH"])])
        ended = subprocess.run(
            [*PROCESS_HERE, command, self.engine.stack, *options],
            cwd=self.root,
            env={name: value for name, value in own.items() if value is not None},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        assert "Traceback" not in ended.stderr, ended.stderr
        return Said(ended.returncode, ended.stdout, ended.stderr)

    def done(self, command: str, *options: str) -> dict[str, Any]:
        """Run a command that must succeed, and take its answer."""
        said = self.run(command, *options, "--json")
        assert said.code == 0, said.words
        return said.data

    def refused(self, command: str, *options: str, code: int = 1) -> str:
        """Run a command that must be refused while state and account stay as they are; its last line."""
        state = self.engine.state_text
        said = self.run(command, *options)
        assert said.code == code, said.words
        assert self.engine.state_text == state
        return said.words.strip().rpartition("\n")[2]

    def git(self, *command: str) -> str:
        """Run a command of git that must succeed, and take its answer."""
        return subprocess.run(
            [*GIT, *command], cwd=self.root, check=True, capture_output=True, text=True
        ).stdout.strip()
