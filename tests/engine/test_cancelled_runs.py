"""Cancelled runs of the workflows: what was begun is finished and written to the state, and the state is free."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.engine.deploying import Job
from tests.engine.engine import CURSOR_KEY, Engine
from tests.engine.jobs import Workflows
from tests.engine.left_behind import left_in
from tests.engine.serving import give_package, served
from tests.support.github_fake import github_fake
from tests.workflows.runner import Ended
from toolkit.stacks import evaluate

FREED = "Stop the engine and release the lock"
LONGER = 6.0
"""Seconds of one call: longer than the runner leaves between its first signal and the end of the step."""


@pytest.fixture
def job(engine_of: Callable[[str], Engine], cli: Path) -> Job:
    found = Job(engine_of("dev"), cli)
    give_package(found)
    return found


@pytest.fixture
def workflows(job: Job, cli: Path, tmp_path: Path) -> Iterator[Workflows]:
    with github_fake() as github:
        yield Workflows(job, cli, tmp_path, github)


def locks(engine: Engine) -> list[Path]:
    return list((engine.states / ".pulumi" / "locks").rglob("*.json"))


def assert_stopped(ended: Ended, step: str, engine: Engine) -> None:
    """The step was cancelled, its engine ended by itself, and nothing was lost or left locked."""
    assert ended.status == "cancelled", ended.transcript
    assert ended[step].signals == ("SIGINT", "SIGTERM")
    assert ended[FREED].outcome == "success", ended.transcript
    assert "to end its calls" in ended[FREED].output
    assert ended.orphans == ()
    assert locks(engine) == []
    assert engine.pending == []


def test_a_cancelled_deployment_and_a_cancelled_destruction_leave_a_state_from_which_the_next_run_goes_on(
    workflows: Workflows, job: Job, tmp_path: Path
) -> None:
    engine = job.engine
    resources = len(evaluate("dev", root=engine.root, config={"items-api:cursor-key": CURSOR_KEY}).resources)
    deployment = "Deploy the plan"

    planned = workflows.run("deploy-stack", "plan")
    assert planned.status == "success", planned.transcript
    assert "- create `urn:pulumi:dev::" in planned.summary
    cancelled = workflows.run(
        "deploy-stack",
        "deploy",
        slow=("api-role", LONGER),
        cancel_when=lambda step, output: step == deployment and "api-role creating" in output,
    )
    assert_stopped(cancelled, deployment, engine)
    assert cancelled["Smoke test"].outcome == "skipped"
    made = {resource["urn"].rpartition("::")[2] for resource in engine.state}
    assert "api-role" in made
    assert len(made) < resources

    planned = workflows.run("deploy-stack", "plan")
    assert planned.status == "success", planned.transcript
    with ExitStack() as serving:

        def serve(step: str) -> None:
            if step == "Smoke test":
                serving.enter_context(served(job, tmp_path))

        finished = workflows.run("deploy-stack", "deploy", before=serve)
    assert finished.status == "success", finished.transcript
    assert finished[FREED].outcome == "skipped"
    assert len(engine.state) == resources
    assert len(left_in(engine.aws.connection)["list_roles"]) == 1
    assert (workflows.artifacts / "release-dev").is_dir()

    cancelled = workflows.run(
        "destroy",
        "destroy",
        slow=("api-role", LONGER),
        cancel_when=lambda step, output: step.startswith("Destroy") and "api-role deleting" in output,
    )
    assert_stopped(cancelled, "Destroy the stack unless a resource is protected", engine)
    assert "api-role" not in {resource["urn"].rpartition("::")[2] for resource in engine.state}
    finished = workflows.run("destroy", "destroy")
    assert finished.status == "success", finished.transcript
    assert left_in(engine.aws.connection) == {}
