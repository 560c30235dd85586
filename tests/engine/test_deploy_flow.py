"""From a merge to its callers: one package goes from stack to stack, and a bad one never keeps its callers.

Each stack has a checkout and an account of its own, as the jobs of a workflow do; what passes between them are files.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.engine.deploying import Job
from tests.engine.engine import Engine
from tests.engine.serving import BROKEN, Served, give_package, served

JobOf = Callable[[str], Job]


@pytest.fixture
def job_of(engine_of: Callable[[str], Engine], cli: Path) -> JobOf:
    return lambda stack: Job(engine_of(stack), cli)


def hand_over(before: Job, after: Job) -> None:
    """What a workflow's artifacts are for: the package that was built, and what is known of it."""
    shutil.rmtree(after.root / "build")
    for name in ("dev", "release"):
        shutil.copytree(before.root / "build" / name, after.root / "build" / name)


def release(job: Job) -> None:
    job.done("plan")
    job.done("deploy")


def smoke(job: Job, served: Served) -> None:
    report = job.done("smoke", *served.smoke)
    assert [step["name"] for step in report["steps"] if step["status"] != "passed"] == []


def version(served: Served) -> str:
    return str(httpx.get(f"{served.front.url}/health", trust_env=False).json()["version"])


def test_one_package_goes_from_dev_to_prod_and_each_stack_smokes_it(job_of: JobOf, tmp_path: Path) -> None:
    dev, staging, prod = map(job_of, ("dev", "staging", "prod"))
    digest = give_package(dev)
    for before, job in ((None, dev), (dev, staging), (staging, prod)):
        if before is not None:
            hand_over(before, job)
        release(job)
        job.done("canary", "--pause", "0.1")
        folder = tmp_path / job.engine.stack
        folder.mkdir()
        with served(job, folder) as running:
            smoke(job, running)
            assert version(running) == digest[:12]
    known = json.loads((prod.root / f"build/release/{digest}.json").read_text())
    assert set(known["ran"]) == set(known["smoked"]) == {"dev", "staging", "prod"}
