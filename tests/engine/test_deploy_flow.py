"""From a merge to its callers: one package goes from stack to stack, and a bad one never keeps its callers.

Each stack has a checkout and an account of its own, as the jobs of a workflow do; what passes between them are files.
"""

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.engine.deploying import Job
from tests.engine.engine import Engine
from tests.engine.serving import BROKEN, Served, give_package, served
from toolkit.pipeline.deploy.promotion import read_release

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
    """The version that answers; a smoke test just before may have used the burst of the route."""
    deadline = time.monotonic() + 30
    while (response := httpx.get(f"{served.front.url}/health", trust_env=False)).status_code == 429:
        assert time.monotonic() < deadline
        time.sleep(0.5)
    return str(response.json()["version"])


def test_one_package_goes_from_dev_to_prod_and_each_stack_smokes_it(job_of: JobOf, tmp_path: Path) -> None:
    dev, staging, prod = map(job_of, ("dev", "staging", "prod"))
    digest = give_package(dev)
    for before, job in ((None, dev), (dev, staging), (staging, prod)):
        if before is not None:
            hand_over(before, job)
        release(job)
        folder = tmp_path / job.engine.stack
        folder.mkdir()
        with served(job, folder) as running:
            smoke(job, running)
            assert version(running) == digest[:12]
    known = [read_release(prod.root, digest, stack) for stack in ("dev", "staging", "prod")]
    assert all(release and release.smoked for release in known)


@pytest.fixture
def gradual(job_of: JobOf) -> Job:
    """A stack that delivers as prod does, without the stacks that come before prod."""
    job = job_of("dev")
    job.engine.configure(delivery="canary")
    job.commit()
    return job


def test_a_version_that_fails_its_smoke_test_is_gone_at_once_and_the_one_before_is_deployed_again(
    gradual: Job, tmp_path: Path
) -> None:
    client = gradual.engine.aws.connection.client("lambda")
    good_digest = give_package(gradual)
    release(gradual)
    with served(gradual, tmp_path) as running:
        bad_digest = give_package(gradual, BROKEN)
        release(gradual)
        failed = gradual.run("smoke", *running.smoke)
        assert (failed.code, "at create items: POST /api/v1/items answers 500" in failed.words) == (1, True)
        assert version(running) == bad_digest[:12]

        said = gradual.run("rollback", *running.where, "--redeploy")
        assert said.code == 0, said.words
        assert "version 2 → 1;" in said.answer
        smoke(gradual, running)
        assert version(running) == good_digest[:12]
    alias = client.get_alias(FunctionName=json.loads(running.outputs.read_text())["function_name"], Name="live")
    assert alias["FunctionVersion"] == "3"
    bad = read_release(gradual.root, bad_digest, "dev")
    assert bad is not None
    assert not bad.smoked
