"""Drift after a manual change is found and a stale lock is freed by the pipeline, in an embedded AWS."""

import io
import json
import shutil
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.engine.deploying import Job
from tests.engine.engine import Engine
from tests.support.whole_program import ROOT


@pytest.fixture(scope="module")
def dev(engine_of: Callable[[str], Engine], cli: Path) -> Job:
    job = Job(engine_of("dev"), cli)
    job.engine.done("up")
    return job


@pytest.fixture
def changed(dev: Job) -> Iterator[Job]:
    """The stack, which a test may change by hand; it is as its file says when the test ends."""
    yield dev
    dev.engine.done("up", "--refresh")


def drift(job: Job) -> dict[str, Any]:
    """What the pipeline finds; the state stays as it is."""
    state = job.engine.state_text
    said = job.run("drift", "--json")
    assert said.code in {0, 1}, said.words
    assert job.engine.state_text == state
    assert json.loads((job.root / "build/drift/dev.json").read_text()) == said.data
    assert said.code == (0 if said.data["clean"] else 1)
    return said.data


def named(found: dict[str, Any]) -> dict[str, tuple[str, list[str]]]:
    return {
        finding["urn"].rpartition("::")[2]: (finding["kind"], finding["properties"]) for finding in found["findings"]
    }


def test_a_stack_that_nobody_touched_is_clean(dev: Job) -> None:
    assert drift(dev) == {"stack": "dev", "clean": True, "findings": []}


def test_stack_that_is_being_updated_is_not_compared(changed: Job) -> None:
    changed.engine.aws.connection.client("logs").put_retention_policy(
        logGroupName="/items-api/dev/function", retentionInDays=3
    )
    folder = changed.engine.folder / "state/.pulumi/locks/organization/items-api/dev"
    folder.mkdir(parents=True, exist_ok=True)
    lock = folder / "a.json"
    for age, code in ((timedelta(minutes=5), 0), (timedelta(hours=7), 1)):
        taken = {"pid": 1, "username": "runner", "hostname": "vm", "timestamp": (datetime.now(UTC) - age).isoformat()}
        lock.write_text(json.dumps(taken))
        try:
            said = changed.run("drift")
        finally:
            lock.unlink()
        assert said.code == code, said.words
        assert (changed.root / "build/drift/dev.json").exists() == bool(code)
        assert said.answer.startswith("not compared: dev is being updated, by runner@vm (pid 1)") == (code == 0)


def test_what_was_changed_and_deleted_by_hand_is_found(changed: Job) -> None:
    logs = changed.engine.aws.connection.client("logs")
    logs.put_retention_policy(logGroupName="/items-api/dev/function", retentionInDays=3)
    changed.engine.aws.connection.client("cloudwatch").delete_dashboards(DashboardNames=["items-api-dev"])
    found = named(drift(changed))
    assert found == {"api-logs": ("changed", ["retentionInDays"]), "service-dashboard": ("deleted", [])}


def test_code_that_was_changed_by_hand_is_found(changed: Job) -> None:
    client = changed.engine.aws.connection.client("lambda")
    function = changed.engine.done("stack", "output", "function_name").output.split()[0]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as bundle:
        bundle.writestr("api/lambda_handler.py", "def handler(event, context): return 'by hand'")
    version = client.update_function_code(FunctionName=function, ZipFile=buffer.getvalue(), Publish=True)["Version"]
    client.update_alias(FunctionName=function, Name="live", FunctionVersion=version)
    found = [finding for finding in drift(changed)["findings"] if finding["kind"] == "code"]
    assert {finding["detail"].partition(" code")[0] for finding in found} == {"the live", "the newest"}


def test_a_lock_that_proves_nothing_is_kept_until_a_person_names_its_process(dev: Job) -> None:
    folder = dev.engine.folder / "state/.pulumi/locks/organization/items-api/dev"
    folder.mkdir(parents=True, exist_ok=True)
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pid = process.pid
    lock = {"pid": 1, "username": "ana", "hostname": "laptop", "timestamp": "2026-01-01T00:00:00Z"}
    (folder / "a.json").write_text(json.dumps(lock))
    assert "Stack 'dev' stays locked by ana@laptop (pid 1), " in dev.refused("unlock")
    (folder / "a.json").write_text(json.dumps({**lock, "pid": pid, "hostname": socket.gethostname()}))
    assert dev.engine.run("up").code != 0
    assert f"unlock dev --ended {pid}@{socket.gethostname()}" in dev.refused("unlock")
    assert dev.done("unlock", "--ended", f"{pid}@{socket.gethostname()}")["pending"] == []
    dev.engine.done("up", "--expect-no-changes")


def test_the_doctor_names_what_is_missing_with_its_fix(dev: Job) -> None:
    bootstrap = dev.root / "infrastructure" / "bootstrap"
    bootstrap.mkdir()
    shutil.copy(ROOT / "infrastructure" / "bootstrap" / "Pulumi.yaml", bootstrap)
    said = dev.run("doctor", "--json")
    shutil.rmtree(bootstrap)
    assert said.answer, said.words
    checks = {check["name"]: check for check in said.data["checks"]}
    assert said.code == 1
    for name in (
        "Pulumi CLI",
        "Secrets provider",
        "Secret cursor-key",
        "Package",
        "Backend",
        "Stack",
        "AWS credentials",
    ):
        assert checks[name]["ok"], checks[name]
    role = checks["Role items-api-bootstrap-deploy-dev"]
    assert not role["ok"]
    assert "infrastructure/bootstrap" in role["fix"]
