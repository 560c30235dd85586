"""Runs a job of a workflow as GitHub's runner does on Linux: its steps in order, and its signals on cancellation.

Scripts are started as actions/runner does in src/Runner.Worker/Handlers/ScriptHandler.cs, conditions evaluated as in
src/Runner.Worker/StepsRunner.cs, what is left at the job's end is killed as in src/Runner.Worker/JobExtension.cs.
"""

import os
import shutil
import signal
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.workflows.evaluation import condition_holds, filled_in
from tests.workflows.step_process import StepProcess
from tests.workflows.workflow_files import ACTIONS, WORKFLOWS, Job


@dataclass(frozen=True)
class Step:
    """A step as it ended; one whose condition did not hold is skipped."""

    name: str
    outcome: str
    output: str
    signals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ended:
    """A job as it ended; `orphans` are the processes that the runner killed after its last step."""

    status: str
    steps: tuple[Step, ...]
    orphans: tuple[str, ...]
    summary: str

    def __getitem__(self, name: str) -> Step:
        (found,) = (step for step in self.steps if step.name == name)
        return found

    @property
    def outcomes(self) -> dict[str, str]:
        """How each step ended."""
        return {step.name: step.outcome for step in self.steps}

    @property
    def transcript(self) -> str:
        """All that the steps wrote, for a failed test."""
        return "\n".join(f"== {step.name}: {step.outcome} {step.signals}\n{step.output}" for step in self.steps)


Action = Callable[["Runner", Mapping[str, str]], Mapping[str, str] | None]
"""Replaces an action of another repository; it takes the runner and the inputs, and may return outputs."""


@dataclass
class Runner:
    """A machine for one job. `scale` shortens the wait after SIGINT, which a test with a long call has to sit out."""

    folder: Path
    actions: Mapping[str, Action]
    path: str
    environment: dict[str, str] = field(default_factory=dict)
    """What the machine itself has; an action may add to it, as $GITHUB_ENV does."""
    contexts: dict[str, Any] = field(default_factory=dict)
    scale: float = 1.0
    before: Callable[[str], None] = lambda _step: None
    """Called with the name of each step that runs, before it starts."""
    cancel_when: Callable[[str, str], bool] = lambda _step, _output: False
    """Whether the run is cancelled now, while the step of this name has written this output."""

    def __post_init__(self) -> None:
        self.workspace = self.folder / "work" / "items-api" / "items-api"
        self.temp = self.folder / "work" / "_temp"
        for place in (self.workspace, self.temp):
            place.mkdir(parents=True)
        self._status = "success"
        self._tracking = f"github_{uuid.uuid4()}"
        self._paths: list[str] = []
        self._steps: list[Step] = []
        self._summary = ""

    def run(self, job: Job) -> Ended:
        """Run the job's steps in order."""
        self.contexts = {"steps": {}, "needs": {}, "matrix": {}, "inputs": {}, **self.contexts}
        github = {"event_name": "workflow_dispatch", "repository": "example/items-api", "ref": "refs/heads/main"}
        self.contexts["github"] = {**github, "token": "a-token", **self.contexts.get("github", {})}
        outer = {**WORKFLOWS[job.workflow].get("env", {}), **job.env}
        self._run_steps(job.steps, {name: filled_in(value, self.contexts) for name, value in outer.items()}, job)
        return Ended(self._status, tuple(self._steps), tuple(self._kill_orphans()), self._summary)

    def _run_steps(self, steps: list[dict[str, Any]], outer: Mapping[str, str], job: Job) -> None:
        for step in steps:
            name = filled_in(step["name"], self.contexts)
            if not condition_holds(step.get("if"), self.contexts, self._status):
                self._ended(step, Step(name, "skipped", ""))
                continue
            self.before(name)
            own = {**outer, **{key: filled_in(value, self.contexts) for key, value in step.get("env", {}).items()}}
            if "uses" in step:
                self._use(step, name, own, job)
            else:
                self._run_script(step, name, own, job)

    def _use(self, step: dict[str, Any], name: str, env: Mapping[str, str], job: Job) -> None:
        action = step["uses"].partition("@")[0]
        if action.startswith("./.github/actions/"):
            assert (self.workspace / action).is_dir(), f"{action} is used before the check-out"
            self._run_steps(ACTIONS[action.rpartition("/")[2]]["runs"]["steps"], env, job)
            return
        given = {key: filled_in(value, self.contexts) for key, value in step.get("with", {}).items()}
        outputs = self.actions[action](self, given)
        self._ended(step, Step(name, "success", ""), outputs or {})

    def _run_script(self, step: dict[str, Any], name: str, env: Mapping[str, str], job: Job) -> None:
        shell = step.get("shell") or WORKFLOWS[job.workflow]["defaults"]["run"]["shell"]
        assert shell == "bash"  # of which the runner makes: bash --noprofile --norc -e -o pipefail {0}
        files = {kind: self.temp / f"{kind}_{uuid.uuid4()}" for kind in ("ENV", "OUTPUT", "PATH", "STEP_SUMMARY")}
        for file in files.values():
            file.touch()
        script = self.temp / f"{uuid.uuid4()}.sh"
        script.write_text(step["run"])
        bash = shutil.which("bash") or "bash"
        process = subprocess.Popen(
            [bash, "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            cwd=self.workspace,
            env={**self._variables(job), **env, **{f"GITHUB_{kind}": str(file) for kind, file in files.items()}},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        watched = StepProcess(process, self.scale)
        signals: list[str] = []
        while not watched.done:
            if self._status != "cancelled" and self.cancel_when(name, watched.output):
                self._status = "cancelled"
                if not condition_holds(step.get("if"), self.contexts, self._status):
                    signals += watched.cancel()
            time.sleep(0.02)
        ended = "cancelled" if signals else "success" if process.returncode == 0 else "failure"
        if ended == "failure" and self._status == "success":
            self._status = "failure"
        self._take_files(files)
        self._ended(step, Step(name, ended, watched.output, tuple(signals)), dict(_settings(files["OUTPUT"])))

    def _ended(self, step: dict[str, Any], ended: Step, outputs: Mapping[str, str] | None = None) -> None:
        self._steps.append(ended)
        if "id" in step:
            self.contexts["steps"][step["id"]] = {"outcome": ended.outcome, "outputs": outputs or {}}

    def _variables(self, job: Job) -> dict[str, str]:
        github = self.contexts["github"]
        return {
            "HOME": str(self.folder / "home"),
            "LANG": "C.UTF-8",
            "USER": "runner",
            **self.environment,
            "PATH": os.pathsep.join([*reversed(self._paths), self.path]),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTOR": "ana",
            "GITHUB_API_URL": github.get("api_url", "https://api.github.com"),
            "GITHUB_EVENT_NAME": github["event_name"],
            "GITHUB_JOB": job.name,
            "GITHUB_REF": github["ref"],
            "GITHUB_REPOSITORY": github["repository"],
            "GITHUB_RUN_ATTEMPT": "1",
            "GITHUB_RUN_ID": "1234567890",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_SHA": github.get("sha", ""),
            "GITHUB_TRIGGERING_ACTOR": github.get("triggering_actor", "ana"),
            "GITHUB_WORKFLOW": WORKFLOWS[job.workflow]["name"],
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_ARCH": "X64",
            "RUNNER_ENVIRONMENT": "github-hosted",
            "RUNNER_NAME": "GitHub Actions 1",
            "RUNNER_OS": "Linux",
            "RUNNER_TEMP": str(self.temp),
            "RUNNER_TRACKING_ID": self._tracking,
        }

    def _take_files(self, files: Mapping[str, Path]) -> None:
        self.environment |= dict(_settings(files["ENV"]))
        self._paths += files["PATH"].read_text().split()
        self._summary += files["STEP_SUMMARY"].read_text()

    def _kill_orphans(self) -> Iterator[str]:
        """Every process that has the job's tracking id in its environment."""
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if f"RUNNER_TRACKING_ID={self._tracking}" in (folder / "environ").read_text().split("\0"):
                    command = (folder / "cmdline").read_text().replace("\0", " ").strip()
                    os.kill(int(folder.name), signal.SIGKILL)
                    yield command
            except (OSError, UnicodeDecodeError):  # it ended meanwhile, or is not ours to look at
                continue


def _settings(file: Path) -> Iterator[tuple[str, str]]:
    """The names and values in one of GitHub's files."""
    lines = iter(file.read_text().splitlines())
    for line in lines:
        name, heredoc, end = line.partition("<<")
        if heredoc and "=" not in name:
            yield name, "\n".join(iter(lambda: next(lines), end))
        elif "=" in line:
            name, _, value = line.partition("=")
            yield name, value
