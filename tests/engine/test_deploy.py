"""A planned update is the one that happens: by the pipeline's commands, the real engine, in an embedded AWS."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.engine.deploying import Job
from tests.engine.engine import CURSOR_KEY, Engine


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


@pytest.fixture
def settled(deployed: Job) -> Iterator[Job]:
    """The deployed stack, which a test may change; it is as its file says when the test ends."""
    program = [deployed.root / "Pulumi.dev.yaml", deployed.root / "infrastructure/components/table.py"]
    before = {path: path.read_text() for path in program}
    state = deployed.engine.state_text
    yield deployed
    for path, text in before.items():
        path.write_text(text)
    deployed.commit()
    if deployed.engine.state_text != state:
        deployed.engine.done("up")


TABLE = "urn:pulumi:dev::items-api::items-api:data:Table$aws:dynamodb/table:Table::"
AGREED = ("--allow-data-loss", f"{TABLE}items-table", "--allow-data-loss", f"{TABLE}sessions-table")


def change_memory(job: Job, megabytes: int) -> None:
    job.engine.set("memory-mb: 512", f"memory-mb: {megabytes}")
    job.commit()


def rename_range_key(job: Job) -> None:
    """What no table survives."""
    file = job.root / "infrastructure/components/table.py"
    file.write_text(file.read_text().replace('"record"', '"entry"'))
    job.commit()


def test_what_was_planned_is_what_is_deployed_and_its_outputs_are_written_without_secrets(settled: Job) -> None:
    dev = settled
    change_memory(dev, 384)
    planned = dev.done("plan")
    folder = dev.root / "build/plan/dev"
    assert CURSOR_KEY not in (folder / "plan.json").read_text() + (folder / "manifest.json").read_text()
    assert dev.done("deploy", "--dry-run")["operations"] == planned["operations"]
    deployed = dev.done("deploy")
    assert deployed["operations"] == planned["operations"] != {}
    client = dev.engine.aws.connection.client("lambda")
    function = deployed["outputs"]["function_name"]
    assert client.get_function_configuration(FunctionName=function, Qualifier="live")["MemorySize"] == 384
    assert deployed["outputs"]["machine_client_secret"] == "[secret]"
    assert json.loads((dev.root / "build/deploy/dev.json").read_text()) == deployed


def test_a_plan_made_before_another_update_is_not_applied(settled: Job) -> None:
    dev = settled
    dev.done("plan")
    dev.engine.set("owner: items-team", "owner: another-team")
    dev.engine.done("up")
    dev.engine.set("owner: another-team", "owner: items-team")
    sentence = dev.refused("deploy")
    assert "the stack's state moved from" in sentence
    assert "./stack plan dev" in sentence


def test_a_stack_file_that_moved_after_the_plan_is_refused(dev: Job) -> None:
    dev.done("plan")
    dev.engine.set("memory-mb: 512", "memory-mb: 384")
    sentence = dev.refused("deploy")
    assert "the commit moved from" in sentence
    assert "the stack's file moved from" in sentence


def test_a_tampered_package_is_refused_before_credentials_are_used(dev: Job) -> None:
    dev.done("plan")
    package = dev.root / "build/dev/function.zip"
    whole = package.read_bytes()
    package.write_bytes(whole + b"\0")
    try:
        said = dev.run("deploy", AWS_ACCESS_KEY_ID=None, PULUMI_CONFIG_PASSPHRASE=None, PULUMI_BACKEND_URL=None)
    finally:
        package.write_bytes(whole)
    assert said.code == 1
    assert "build/dev/function.zip is not the package that was built" in said.words


def test_a_plan_with_other_steps_than_the_update_is_refused_and_by_the_engine_itself(dev: Job) -> None:
    planned = dev.done("plan")
    manifest, plan = (dev.root / "build/plan/dev" / name for name in ("manifest.json", "plan.json"))
    empty = plan.read_text()
    change_memory(dev, 384)
    other = dev.done("plan")

    manifest.write_text(json.dumps({**other, "operations": planned["operations"]}))
    assert "api-function: planned same, now update" in dev.refused("deploy")

    plan.write_text(empty)
    digest = hashlib.sha256(empty.encode()).hexdigest()
    manifest.write_text(json.dumps({**other, "plan_sha256": digest}))
    said = dev.run("deploy")
    assert said.code == 1
    assert "violates plan" in said.words
    function = dev.engine.done("stack", "output", "function_name").output.split()[0]
    client = dev.engine.aws.connection.client("lambda")
    assert client.get_function_configuration(FunctionName=function)["MemorySize"] == 512


@pytest.fixture
def older(settled: Job) -> Iterator[str]:
    """A commit before the one that is deployed, with a plan; the two differ in nothing that the engine sees."""
    settled.done("plan")
    commit = settled.git("rev-parse", "HEAD")
    (settled.root / "README.md").write_text("Another text.")
    settled.commit()
    settled.engine.done("up")
    yield commit
    settled.git("checkout", "--quiet", "-")
    (settled.root / "README.md").unlink(missing_ok=True)


def test_older_commit_is_neither_planned_nor_deployed_over_a_newer_one(settled: Job, older: str) -> None:
    settled.git("checkout", "--quiet", "--detach", older)
    assert f"and {older[:12]} is older" in settled.refused("deploy")
    assert f"and {older[:12]} is older" in settled.refused("plan")
    settled.done("plan", "--allow-older")
    settled.done("deploy", "--allow-older")


def test_plan_says_whether_the_update_changes_anything(settled: Job) -> None:
    (settled.root / "README.md").write_text("Another text.")
    settled.commit()
    assert settled.done("plan")["changes"] is False
    program = settled.root / "infrastructure/__main__.py"
    text = program.read_text()
    program.write_text(f"{text}pulumi.export('extra', 'value')\n")
    settled.commit()
    planned = settled.done("plan")
    program.write_text(text)
    assert (planned["operations"], planned["changes"]) == ({}, True)
    change_memory(settled, 384)
    assert settled.done("plan")["changes"] is True


def test_what_a_policy_forbids_is_not_planned(dev: Job) -> None:
    change_memory(dev, 1024)
    sentence = dev.refused("plan")
    assert "api-function breaks " in sentence
    assert not (dev.root / "build/plan/dev").exists()


def test_a_lost_table_is_planned_and_deployed_only_where_that_was_agreed_to(settled: Job) -> None:
    dynamodb = settled.engine.aws.connection.client("dynamodb")
    before = dynamodb.list_tables()["TableNames"]
    rename_range_key(settled)
    sentence = settled.refused("plan")
    assert "items-table is replaced by an empty one because of rangeKey; lost would be " in sentence
    assert f"--allow-data-loss '{TABLE}items-table'" in sentence
    settled.done("plan", *AGREED)
    assert "items-table is replaced" in settled.refused("deploy")
    settled.done("deploy", *AGREED)
    after = dynamodb.list_tables()["TableNames"]
    assert len(after) == 2
    assert not set(after) & set(before)


def test_a_table_without_a_way_back_is_kept_whatever_was_agreed_to(settled: Job) -> None:
    dynamodb = settled.engine.aws.connection.client("dynamodb")
    tables = dynamodb.list_tables()["TableNames"]
    for table in tables:
        off = {"PointInTimeRecoveryEnabled": False}
        dynamodb.update_continuous_backups(TableName=table, PointInTimeRecoverySpecification=off)
    rename_range_key(settled)
    sentence = settled.refused("plan", *AGREED)
    assert "There is no backup of the accepted data loss" in sentence
    assert f"aws dynamodb create-backup --table-name {tables[0]}" in sentence
    for table in tables:
        on = {"PointInTimeRecoveryEnabled": True}
        dynamodb.update_continuous_backups(TableName=table, PointInTimeRecoverySpecification=on)


def test_an_update_in_place_that_loses_data_is_planned_only_where_that_was_agreed_to(settled: Job) -> None:
    components = settled.root / "infrastructure" / "components"
    table, bucket = components / "table.py", components / "attachment_bucket.py"
    texts = table.read_text(), bucket.read_text()
    table.write_text(texts[0].replace('"attribute_name": "expires_at"', '"attribute_name": "changed_at"'))
    bucket.write_text(texts[1].replace("data.old_attachment_days)", "data.old_attachment_days - 1)"))
    settled.commit()
    try:
        sentence = settled.refused("plan")
        assert "items-table starts to delete records by the time in attribute changed_at" in sentence
        assert "attachments-lifecycle deletes old versions after" in sentence
        agreed = re.findall(r"--allow-data-loss '([^']+)'", sentence)
        names = {urn.rpartition("::")[2] for urn in agreed}
        assert names == {"items-table", "sessions-table", "attachments-lifecycle"}
        planned = settled.done("plan", *(word for urn in agreed for word in ("--allow-data-loss", urn)))
        assert set(agreed) <= planned["operations"].keys()
    finally:
        table.write_text(texts[0])
        bucket.write_text(texts[1])
        settled.commit()


def test_a_variable_that_bypasses_protection_reaches_no_engine_of_the_pipeline(settled: Job) -> None:
    settled.engine.done("state", "protect", "--all", "--yes")
    try:
        said = settled.run("destroy", "--yes", PULUMI_OPTION_IGNORE_PROTECT="true", PULUMI_OPTION_SKIP_PREVIEW="true")
        assert said.code == 1
        assert "pulumi state unprotect" in said.words
        assert len(settled.engine.state) > 1
    finally:
        settled.engine.done("state", "unprotect", "--all", "--yes")
