"""The files of .github as data: workflows, jobs, steps. Every value is text, as it was written."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
GITHUB = ROOT / ".github"
EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.S)


def _read(file: Path) -> dict[str, Any]:
    return dict(yaml.load(file.read_text(), yaml.BaseLoader))  # noqa: S506 - BaseLoader makes text, nothing else


WORKFLOWS: Mapping[str, dict[str, Any]] = {
    file.stem: _read(file) for file in sorted((GITHUB / "workflows").glob("*.yml"))
}
ACTIONS: Mapping[str, dict[str, Any]] = {
    file.parent.name: _read(file) for file in sorted((GITHUB / "actions").glob("*/action.yml"))
}


@dataclass(frozen=True)
class Job:
    """One job of a workflow; an action's steps count as one, too."""

    workflow: str
    name: str
    content: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.workflow}/{self.name}"

    @property
    def steps(self) -> list[dict[str, Any]]:
        """Its steps; none where it calls another workflow."""
        return list(self.content.get("steps", ()))

    @property
    def permissions(self) -> Mapping[str, str]:
        """What its token may do."""
        return dict(self.content.get("permissions", {}))

    @property
    def environment(self) -> str | None:
        """The name of its environment."""
        written = self.content.get("environment")
        return written["name"] if isinstance(written, dict) else written

    @property
    def env(self) -> dict[str, str]:
        """The environment variables of all its steps."""
        return dict(self.content.get("env", {}))


@dataclass(frozen=True)
class Block:
    """One `run:`, with the variables it is given."""

    job: Job
    name: str
    script: str
    env: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.job}/{self.name}"


JOBS = [Job(workflow, name, job) for workflow, content in WORKFLOWS.items() for name, job in content["jobs"].items()]
ACTION_JOBS = [Job(f"actions/{name}", "steps", action["runs"]) for name, action in ACTIONS.items()]


BLOCKS = [
    Block(job, step["name"], step["run"], {**job.env, **step.get("env", {})})
    for job in [*JOBS, *ACTION_JOBS]
    for step in job.steps
    if "run" in step
]


def texts(value: Any) -> Iterator[str]:
    """Every text inside a value, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


def job_named(workflow: str, name: str) -> Job:
    """One job."""
    (found,) = (job for job in JOBS if (job.workflow, job.name) == (workflow, name))
    return found
