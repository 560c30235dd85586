"""Updates that are interrupted and commands that cannot be carried out: clear words, and a state that is whole."""

import json
import signal
import uuid
from collections.abc import Callable

import pytest

from tests.engine.engine import CURSOR_KEY, PASSPHRASE, Engine
from tests.engine.left_behind import left_in
from toolkit.stacks import evaluate


@pytest.fixture
def dev(engine_of: Callable[[str], Engine]) -> Engine:
    return engine_of("dev")


def test_an_update_interrupted_half_way_is_finished_by_the_next_with_nothing_lost_or_doubled(dev: Engine) -> None:
    resources = len(evaluate("dev", root=dev.root, config={"items-api:cursor-key": CURSOR_KEY}).resources)
    with dev.start("up", "--yes", "--skip-preview") as update:
        assert update.stdout is not None
        created = 0
        for line in update.stdout:
            created += " created " in line
            if created == 20:
                update.send_signal(signal.SIGINT)
                break
        rest = update.stdout.read()
    assert update.returncode != 0
    assert "Traceback" not in rest
    assert 20 <= len(dev.state) < resources

    dev.done("up")
    assert len(dev.state) == resources
    assert dev.done("refresh", "--expect-no-changes").operations == {}
    found = left_in(dev.aws.connection)
    assert len(found["list_tables"]) == 2
    for once in ("list_functions", "get_apis", "list_roles", "list_user_pools"):
        assert len(found[once]) == 1, once
    dev.done("destroy")
    assert left_in(dev.aws.connection) == {}


def test_a_command_that_cannot_be_carried_out_says_so_and_leaves_the_state_alone(dev: Engine) -> None:
    dev.set("memory-mb: 512", "memory: 512")
    for passphrase, words in {"another": "incorrect passphrase", PASSPHRASE: "unknown key function.memory"}.items():
        outcome = dev.run("up", PULUMI_CONFIG_PASSPHRASE=passphrase)
        assert outcome.code != 0
        assert words in outcome.output
        assert "Traceback" not in outcome.output
        assert {resource["type"] for resource in dev.state} <= {"pulumi:pulumi:Stack"}
        assert left_in(dev.aws.connection) == {}


def test_a_locked_state_is_named_with_its_owner_and_kept(dev: Engine) -> None:
    lock = dev.folder / "state" / ".pulumi" / "locks" / "organization" / "items-api" / "dev" / f"{uuid.uuid4()}.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.write_text(
        json.dumps({"pid": 1, "username": "ana", "hostname": "laptop", "timestamp": "2026-01-01T00:00:00Z"})
    )
    refused = dev.run("up")
    assert refused.code != 0
    assert "locked by 1 lock" in refused.output
    assert "ana@laptop" in refused.output
    dev.done("cancel", "--yes")
    assert not lock.exists()
    dev.done("preview")


def test_a_corrupt_state_is_refused_and_not_written_over(dev: Engine) -> None:
    file = next((dev.folder / "state" / ".pulumi" / "stacks").rglob("dev.json"))
    file.write_text(file.read_text()[:40])
    refused = dev.run("up")
    assert refused.code != 0
    assert "dev" in refused.output
    assert "goroutine" not in refused.output
    assert len(file.read_text()) == 40
    assert left_in(dev.aws.connection) == {}
