"""Runs jobs of the workflows for an engine's stack: real commands, the real engine, the embedded AWS."""

import hashlib
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.engine.deploying import Job
from tests.engine.slow_plugin import SLOW_AT, SLOW_SECONDS
from tests.support.github_fake import Repository
from tests.workflows.fake_actions import Others, commit_checkout, path_with, write_programs
from tests.workflows.runner import Ended, Runner
from tests.workflows.workflow_files import ROOT, job_named

SCALE = 0.2
"""How much of the runner's 7.5 s it waits here after SIGINT."""
SMOKED = """#!/bin/bash
[[ ${{2-}} != smoke ]] || set -- "$1" smoke --outputs "$OUTPUTS" --wait 20 "${{@:3}}"
exec "{python}" "$@"
"""
"""Python with the stack's outputs as option of the smoke test, which then calls the embedded AWS."""


class Workflows:
    """A repository with the program of one stack, its variables, and the artifacts of its jobs."""

    def __init__(self, job: Job, cli: Path, folder: Path, github: Repository) -> None:
        self._github = github
        self._engine = job.engine
        self._cli = cli
        self._folder = folder
        stack = f"Pulumi.{job.engine.stack}.yaml"
        source = commit_checkout(folder / "source", {stack: (job.root / stack).read_bytes()})
        self._package = job.root / "build" / "dev"
        self.artifacts = folder / "artifacts"
        shutil.copytree(self._package, self.artifacts / "package")
        own = job.engine._environment()  # noqa: SLF001 - the same job
        self._others = Others(source, self.artifacts, {name: own[name] for name in own if name.startswith("AWS_")})
        self._machine = {name: own[name] for name in own if name.startswith("PULUMI_") and not name.endswith("_URL")}
        self._programs = write_programs(folder / "programs")
        self._runs = 0

    def run(
        self,
        workflow: str,
        job: str,
        *,
        cancel_when: Callable[[str, str], bool] = lambda _step, _output: False,
        before: Callable[[str], None] = lambda _step: None,
        slow: tuple[str, float] = ("none", 0),
    ) -> Ended:
        """Run a job on its own machine; the call for the resource `slow` takes that many seconds."""
        self._runs += 1
        state, stack = f"file://{self._engine.states}", self._engine.stack
        inputs = {
            "stack": stack,
            "sha256": hashlib.sha256((self._package / "function.zip").read_bytes()).hexdigest(),
            "allow-data-loss": "",
            "allow-older": False,
            "skip-unchanged": False,
            "apply": True,
            "state": state,
            "plan-role": "a-role",
            "deploy-role": "a-role",
            "confirm": f"destroy {stack}",
        }
        variables = {"AWS_REGION": "eu-central-1", "STATE_DEV": state, "DEPLOY_ROLE_DEV": "a-role"}
        runner = Runner(
            self._folder / f"machine-{self._runs}",
            {**self._others.actions(), "actions/setup-python": self._link_python},
            path_with(
                self._programs, Path(__file__).parent / "bin" / "slow", *self._engine.plugin_folders, self._cli.parent
            ),
            environment={**self._machine, SLOW_AT: slow[0], SLOW_SECONDS: str(slow[1]), "OUTPUTS": str(self.outputs)},
            contexts={"inputs": inputs, "vars": variables, "github": {"api_url": self._github.url}},
            scale=SCALE,
            before=before,
            cancel_when=cancel_when,
        )
        return runner.run(job_named(workflow, job))

    @property
    def outputs(self) -> Path:
        """Return the file with the stack's outputs, for the smoke test."""
        return self._folder / "outputs.json"

    def _link_python(self, runner: Runner, _given: Mapping[str, str]) -> None:
        """Link the .venv of this checkout, with a python that passes the stack's outputs to the smoke test."""
        ours, theirs = ROOT / ".venv", runner.workspace / ".venv"
        (theirs / "bin").mkdir(parents=True)
        for each in (*(ours / "bin").iterdir(), ours / "lib", ours / "pyvenv.cfg", ours / ".ready"):
            (theirs / each.relative_to(ours)).symlink_to(each)
        (theirs / "bin" / "python").unlink()
        (theirs / "bin" / "python").write_text(SMOKED.format(python=ours / "bin" / "python"))
        (theirs / "bin" / "python").chmod(0o755)
