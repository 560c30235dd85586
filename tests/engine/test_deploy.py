"""A planned update is the one that happens: by the pipeline's commands, the real engine, in an embedded AWS."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.engine.deploying import Job
from tests.engine.engine import Engine
from tests.support.whole_program import write_package


@pytest.fixture(scope="module")
def deployed(engine_of: Callable[[str], Engine], cli: Path) -> Job:
    job = Job(engine_of("dev"), cli)
    job.done("plan")
    job.done("deploy")
    return job


@pytest.fixture
def dev(deployed: Job) -> Iterator[Job]:
    """The deployed stack; its file is as it was when the test ends."""
    file = deployed.root / "Pulumi.dev.yaml"
    text = file.read_text()
    yield deployed
    file.write_text(text)
    deployed.commit()


def change_memory(job: Job, megabytes: int) -> None:
    job.engine.set("memory-mb: 512", f"memory-mb: {megabytes}")
    job.commit()


def test_what_was_planned_is_what_is_deployed_and_its_outputs_are_written_without_secrets(dev: Job) -> None:
    change_memory(dev, 384)
    planned = dev.done("plan")
    deployed = dev.done("deploy")
    assert deployed["operations"] == planned["operations"] != {}
    client = dev.engine.aws.connection.client("lambda")
    function = deployed["outputs"]["function_name"]
    assert client.get_function_configuration(FunctionName=function, Qualifier="live")["MemorySize"] == 384
    assert deployed["outputs"]["machine_client_secret"] == "[secret]"
    assert json.loads((dev.root / "build/deploy/dev.json").read_text()) == deployed


def test_a_plan_is_not_replayed_over_somebody_elses_update(dev: Job) -> None:
    dev.done("plan")
    dev.engine.set("owner: items-team", "owner: another-team")
    dev.engine.done("up")
    dev.engine.set("owner: another-team", "owner: items-team")
    sentence = dev.refused("deploy")
    assert "the stack's state moved from" in sentence
    assert "pipeline plan --stack dev" in sentence
