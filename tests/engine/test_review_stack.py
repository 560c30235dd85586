"""A pull request's own stack comes and goes, by the pipeline's own words, and no other stack goes with it."""

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml

from tests.engine.deploying import Job
from tests.engine.engine import Engine
from tests.engine.left_behind import left_in
from tests.support.whole_program import ROOT, write_package
from toolkit.pipeline.review_stack.stack_file import ACCOUNT, write_stack_file
from toolkit.pipeline.review_stack.stacks import create_or_update, destroy_stack, review_stacks
from toolkit.stacks.errors import RefusedError

TODAY = date(2026, 11, 21)


@pytest.fixture
def beside_dev(engine_of: Callable[[str], Engine], cli: Path, monkeypatch: pytest.MonkeyPatch) -> Job:
    """The account of reviews is the embedded one; the state has dev beside them. This process is a job of theirs."""
    job = Job(engine_of("dev"), cli)
    (job.root / ACCOUNT).parent.mkdir(parents=True, exist_ok=True)
    embedded, other = "111111111111", "444444444444"
    (job.root / ACCOUNT).write_text((ROOT / ACCOUNT).read_text().replace(other, embedded))
    shutil.copy((ROOT / ACCOUNT).with_name("Pulumi.yaml"), (job.root / ACCOUNT).parent)
    dev = job.root / "Pulumi.dev.yaml"
    dev.write_text(dev.read_text().replace(embedded, other))
    environment = job.engine._environment()  # noqa: SLF001 - the same job
    for name, value in {**environment, "PYTHONPATH": str(ROOT)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PATH", os.pathsep.join([str(cli.parent), environment["PATH"]]))
    return job


def quiet(_line: str) -> None: ...


def test_it_comes_with_its_date_is_updated_and_goes_without_its_file(beside_dev: Job) -> None:
    root, connection = beside_dev.root, beside_dev.engine.aws.connection
    write_stack_file(root, "review-7", TODAY)
    write_package(root, "review-7", "def handler(event, context): ...")
    outputs = create_or_update("review-7", root, TODAY, quiet)
    assert outputs["machine_client_secret"] == "[secret]"
    settings = yaml.safe_load((root / "Pulumi.review-7.yaml").read_text())["config"]["items-api:settings"]
    assert (settings["environment"], settings["expires-on"]) == ("review", "2026-11-21")

    file = root / "Pulumi.review-7.yaml"
    encrypted = yaml.safe_load(file.read_text())["config"]["items-api:cursor-key"]
    file.unlink()  # the next push is another checkout
    again = create_or_update("review-7", root, date(2026, 11, 28), quiet)
    assert again["sessions_table"] == outputs["sessions_table"]
    assert yaml.safe_load(file.read_text())["config"]["items-api:cursor-key"] == encrypted
    assert [(found.name, found.expires_on) for found in review_stacks(root)] == [("review-7", date(2026, 11, 28))]

    file.unlink()  # a checkout that sweeps has no such file
    assert destroy_stack("review-7", root, quiet)
    assert review_stacks(root) == ()
    assert not file.exists()
    assert left_in(connection) == {}
    assert not destroy_stack("review-7", root, quiet)
    with pytest.raises(RefusedError, match="'dev' is not the stack of a pull request"):
        destroy_stack("dev", root, quiet)
