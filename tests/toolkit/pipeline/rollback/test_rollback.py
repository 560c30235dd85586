"""New versions reach callers gradually, and the one before comes back: in the embedded AWS, by its own API."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from typer.testing import Result

from tests.support.aws import ACCOUNT, shared_aws
from tests.support.command_line import run_command
from tests.support.released import Released, released
from toolkit.pipeline.deploy.canary import CanaryDeployment
from toolkit.pipeline.deploy.version_history import History
from toolkit.pipeline.rollback.rollback import RolledBack, roll_back, version_before
from toolkit.stacks.errors import RefusedError


@pytest.fixture
def function() -> Iterator[Released]:
    with released() as found:
        yield found


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path, "prod")


def quiet(_line: str) -> None: ...


def canary(function: Released) -> CanaryDeployment:
    found = function.stack(gradual=True).canary
    assert found is not None
    return found


def move_callers(function: Released, version: str) -> None:
    canary(function).move_callers(function.stack(gradual=True).alias, version, quiet)


def sent_back(function: Released, history: History, *, gradual: bool, to: str | None = None) -> RolledBack:
    stack = function.stack(gradual=gradual)
    target = version_before(stack, history, to)
    function.api.version = f"release-{target}"
    return roll_back("prod", stack, history, target)


def test_canary_deployment_moves_a_tenth_and_then_all_calls(function: Released) -> None:
    second, seen = function.publish(), []

    def look(_line: str) -> None:
        seen.append((function.live, function.weights))

    canary(function).move_callers(function.stack(gradual=True).alias, second, look)
    assert seen[0] == ("1", {"2": 0.1})
    assert (function.live, function.weights) == ("2", {})


def test_version_that_callers_already_have_is_not_deployed(function: Released) -> None:
    done = canary(function).move_callers(function.stack(gradual=True).alias, "1", quiet)
    assert (done.deployment, done.before, done.after) == (None, "1", "1")


def test_alarm_rolls_callers_back_and_the_deployment_fails(function: Released) -> None:
    second = function.publish()

    def ring(_line: str) -> None:
        function.ring()

    with pytest.raises(RefusedError, match=r"ended as Stopped and the calls .* again: .*alarms have been activated"):
        canary(function).move_callers(function.stack(gradual=True).alias, second, ring)
    assert (function.live, function.weights) == ("1", {})


def test_interrupted_canary_deployment_is_stopped(function: Released) -> None:
    second = function.publish()

    def interrupt(_line: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        canary(function).move_callers(function.stack(gradual=True).alias, second, interrupt)
    assert (function.live, function.weights) == ("1", {})


def test_canary_deployment_beyond_its_time_is_stopped(function: Released) -> None:
    second = function.publish()
    with pytest.raises(RefusedError, match="is still InProgress after its time"):
        canary(function).move_callers(function.stack(gradual=True).alias, second, quiet, longest=0)
    assert (function.live, function.weights) == ("1", {})


def test_second_canary_deployment_at_once_is_refused(function: Released) -> None:
    second = function.publish()
    function.begin("1", second)
    with pytest.raises(RefusedError, match="already has an active Deployment"):
        move_callers(function, second)


def test_rollback_returns_callers_to_the_previous_version(function: Released, history: History) -> None:
    function.point_to(function.publish())
    done = sent_back(function, history, gradual=False)
    assert (done.from_version, done.to_version, done.serves) == ("2", "1", "release-1")
    assert function.live == "1"


def test_rollback_skips_a_version_that_never_had_callers(function: Released, history: History) -> None:
    function.publish()
    move_callers(function, function.publish())
    assert sent_back(function, history, gradual=True).to_version == "1"


def test_rollback_skips_a_version_that_was_rolled_back(function: Released, history: History) -> None:
    function.point_to(function.publish())
    sent_back(function, history, gradual=False)
    function.point_to(function.publish())
    assert sent_back(function, history, gradual=False).to_version == "1"


def test_rollback_accepts_a_rolled_back_version_that_was_deployed_again(function: Released, history: History) -> None:
    function.point_to(function.publish())
    sent_back(function, history, gradual=False)
    sent_back(function, history, gradual=False, to="2")
    function.point_to(function.publish())
    assert sent_back(function, history, gradual=False).to_version == "2"


def test_rollback_to_current_version_is_a_noop(function: Released, history: History) -> None:
    done = sent_back(function, history, gradual=False, to="1")
    assert (done.from_version, done.to_version, history.moves()) == ("1", "1", ())


def test_recorded_history_decides_the_previous_version(function: Released, history: History) -> None:
    function.publish()
    function.point_to(function.publish())
    history.add("deployed", "1", "3")
    assert sent_back(function, history, gradual=False).to_version == "1"


def test_rollback_stops_a_running_canary_deployment(function: Released, history: History) -> None:
    deployment = function.begin("1", function.publish())
    assert function.weights == {"2": 0.1}
    done = sent_back(function, history, gradual=True)
    assert (done.from_version, done.to_version, done.stopped_deployment) == ("2", "1", deployment)
    assert (function.live, function.weights) == ("1", {})


def test_rollback_to_a_named_version_moves_callers_to_it(function: Released, history: History) -> None:
    function.publish()
    function.point_to(function.publish())
    assert sent_back(function, history, gradual=False, to="2").to_version == "2"


@pytest.mark.parametrize("version", ["9", "$LATEST", "live; true", ""])
def test_rollback_to_an_unpublished_version_is_refused(function: Released, history: History, version: str) -> None:
    with pytest.raises(RefusedError, match=f"has no version {re.escape(repr(version))}: its versions are 1"):
        version_before(function.stack(gradual=False), history, version)


def test_rollback_without_a_previous_version_is_refused(function: Released, history: History) -> None:
    with pytest.raises(RefusedError, match="has no version before 1: deploy a good package instead"):
        version_before(function.stack(gradual=False), history)
    assert history.moves() == ()


def test_rollback_fails_if_another_version_answers(
    function: Released, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toolkit.pipeline.rollback.rollback.ANSWER_SECONDS", 0)
    function.point_to(function.publish())
    with pytest.raises(
        RefusedError, match=r"The alias moved, but .*/health answers 0123456789ab, not version release-1"
    ):
        roll_back("prod", function.stack(gradual=False), history, "1")
    assert function.live == "1"


def test_malformed_history_is_refused(history: History, tmp_path: Path) -> None:
    file = tmp_path / "build/release/prod-versions.json"
    file.parent.mkdir(parents=True)
    file.write_text('[{"kind": "lost"}]')
    with pytest.raises(RefusedError, match=r"prod-versions\.json is not what was written there"):
        history.moves()


def rolled_back(function: Released, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, account: str) -> Result:
    """The command's words, in a checkout whose stack is in this account."""
    connection, stack = shared_aws().connection, function.stack(gradual=False)
    for name, value in {
        "AWS_ENDPOINT_URL": connection.endpoint_url,
        "AWS_ACCESS_KEY_ID": connection.access_key_id,
        "AWS_SECRET_ACCESS_KEY": connection.secret_access_key,
    }.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "Pulumi.yaml").write_text("name: items-api\nruntime: python\n")
    settings = {"account-id": account, "environment": "prod"}
    config = {"aws:region": connection.region, "items-api:settings": settings}
    (tmp_path / "Pulumi.prod.yaml").write_text(yaml.safe_dump({"config": config}))
    outputs = {**stack.outputs, "function_name": function.function.name, "function_alias": "live"}
    (tmp_path / "outputs.json").write_text(json.dumps(outputs))
    monkeypatch.chdir(tmp_path)
    return run_command("rollback", "prod", "--outputs", "outputs.json", "--json")


def test_rollback_command_prints_its_result(
    function: Released, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    function.point_to(function.publish())
    function.api.version = "release-1"
    ended = rolled_back(function, tmp_path, monkeypatch, ACCOUNT)
    assert ended.exit_code == 0, ended.output
    assert json.loads(ended.stdout)["to_version"] == function.live == "1"
    assert "./stack rollback prod --to 1 --redeploy" in " ".join(ended.stderr.split())


def test_credentials_of_another_account_are_refused(
    function: Released, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    function.point_to(function.publish())
    ended = rolled_back(function, tmp_path, monkeypatch, "333333333333")
    assert (ended.exit_code, function.live) == (1, "2")
    assert f"The credentials are for account {ACCOUNT}, and prod is in 333333333333" in ended.stderr
