"""A stack that is just being changed is not compared: what differs then is no drift."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.aws import shared_aws
from tests.support.command_line import run_command
from tests.support.released import Released, released
from toolkit.pipeline.drift.comparison import UpdateInProgressError, find_drift

Exported = Callable[[str], None]
LOCKS = "state/.pulumi/locks/organization/items-api/prod"


@pytest.fixture
def function() -> Iterator[Released]:
    with released() as found:
        yield found


@pytest.fixture
def exported(function: Released, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Exported:
    """Makes the CLI export the state of a stack that delivers gradually, once more after each refresh."""
    connection = shared_aws().connection
    for name, value in {
        "AWS_ENDPOINT_URL": connection.endpoint_url,
        "AWS_ACCESS_KEY_ID": connection.access_key_id,
        "AWS_SECRET_ACCESS_KEY": connection.secret_access_key,
        "PATH": f"{tmp_path}:/usr/bin:/bin",
    }.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "Pulumi.yaml").write_text("name: items-api")
    config = {"aws:region": connection.region, "items-api:settings": {}}
    (tmp_path / "Pulumi.prod.yaml").write_text(json.dumps({"config": config}))
    outputs = {"delivery_application": function.application, "delivery_group": "live"}
    stack = {"urn": "urn:pulumi:prod::items-api::pulumi:pulumi:Stack::it", "type": "pulumi:pulumi:Stack"}
    state = {"deployment": {"resources": [{**stack, "outputs": outputs}]}}
    (tmp_path / "state.json").write_text(json.dumps(state))
    (tmp_path / LOCKS).mkdir(parents=True)

    def install(refresh: str) -> None:
        (tmp_path / "pulumi").write_text(
            f'#!/bin/bash\ncd {tmp_path}\ncase $1 in\nwhoami) echo \'{{"url": "file://{tmp_path}/state"}}\' ;;\n'
            f"stack) cat state.json ;;\nrefresh) {refresh} ;;\nesac\n"
        )
        (tmp_path / "pulumi").chmod(0o755)

    install("true")
    return install


def compare(root: Path) -> None:
    assert find_drift("prod", root, lambda _line: None) == []


def test_settled_stack_is_compared(exported: Exported, tmp_path: Path) -> None:
    compare(tmp_path)


def test_stack_with_a_running_canary_deployment_is_not_compared(
    function: Released, exported: Exported, tmp_path: Path
) -> None:
    deployment = function.begin("1", function.publish())
    with pytest.raises(UpdateInProgressError, match=f"The canary deployment {deployment} of prod is under way"):
        compare(tmp_path)


def test_locked_stack_is_not_compared(exported: Exported, tmp_path: Path) -> None:
    lock = {"pid": 1, "username": "runner", "hostname": "vm", "timestamp": datetime.now(UTC).isoformat()}
    (tmp_path / LOCKS / "a.json").write_text(json.dumps(lock))
    with pytest.raises(UpdateInProgressError, match="prod is being updated, by runner@vm"):
        compare(tmp_path)


def test_stale_lock_does_not_hide_drift(exported: Exported, tmp_path: Path) -> None:
    taken = (datetime.now(UTC) - timedelta(hours=7)).isoformat()
    lock = {"pid": 1, "username": "ana", "hostname": "laptop", "timestamp": taken}
    (tmp_path / LOCKS / "a.json").write_text(json.dumps(lock))
    compare(tmp_path)


@pytest.mark.parametrize("code", [0, 1])
def test_stack_updated_during_the_comparison_is_not_compared(code: int, exported: Exported, tmp_path: Path) -> None:
    exported(f"echo '{{\"deployment\": {{}}}}' > state.json; exit {code}")
    with pytest.raises(UpdateInProgressError, match="prod was updated while it was compared"):
        compare(tmp_path)


def test_command_reports_a_skipped_comparison_and_leaves_no_file(
    exported: Exported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported("echo '{\"deployment\": {}}' > state.json")
    monkeypatch.chdir(tmp_path)
    found = tmp_path / "build/drift/prod.json"
    found.parent.mkdir(parents=True)
    found.write_text("{}")
    ended = run_command("drift", "prod")
    assert (ended.exit_code, found.exists()) == (0, False)
    assert "not compared: prod was updated while it was compared: compare it again.\n" in ended.output
