"""A published version gets calls only once Lambda can invoke it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.aws import shared_aws
from tests.support.released import Released, released
from toolkit.pipeline.deploy import live_alias
from toolkit.pipeline.deploy.live_alias import LiveAlias
from toolkit.pipeline.deploy.released_stack import ReleasedStack, move_callers
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.settings import StackFile, StackSettings

FILE = StackFile("prod", "items-api", {}, StackSettings())


@pytest.fixture
def function(monkeypatch: pytest.MonkeyPatch) -> Iterator[Released]:
    monkeypatch.setattr(live_alias, "PAUSE_SECONDS", 0.0)
    with released() as found:
        yield found


def alias_with_states(function: Released, *states: str, reason: str = "") -> LiveAlias:
    """Return the alias through a client that reads these states of a version one after the other, then the last."""
    client: Any = shared_aws().connection.in_region("us-east-1").client("lambda")
    left = list(states)

    def answer(parsed: dict[str, Any], **_more: object) -> None:
        parsed |= {"State": left.pop(0) if len(left) > 1 else left[0], "StateReason": reason}

    client.meta.events.register("after-call.lambda.GetFunctionConfiguration", answer)
    return LiveAlias(client, function.function.name, "live")


def test_no_deployment_begins_before_the_version_is_active(
    function: Released, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = function.publish()
    stack = function.stack(gradual=True)
    alias = alias_with_states(function, "Pending", "Pending", "Active")
    asked: list[str] = []
    alias._client.meta.events.register(  # noqa: SLF001 - to see the order of the calls
        "before-call.lambda.*", lambda model, **_more: asked.append(model.name)
    )
    outputs = {**stack.outputs, "function_version": second}
    found = ReleasedStack(outputs, alias, stack.canary)
    monkeypatch.setattr(ReleasedStack, "of", staticmethod(lambda *_arguments: found))

    assert move_callers(FILE, tmp_path, outputs, "1", lambda _line: None).after == second
    assert asked == [*["GetFunctionConfiguration"] * 3, "GetAlias"]


@pytest.mark.parametrize("gradual", [True, False])
def test_failed_version_is_neither_deployed_nor_recorded(
    gradual: bool, function: Released, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = function.publish()
    stack = function.stack(gradual=gradual)
    outputs = {**stack.outputs, "function_version": second}
    found = ReleasedStack(outputs, alias_with_states(function, "Failed"), stack.canary)
    monkeypatch.setattr(ReleasedStack, "of", staticmethod(lambda *_arguments: found))

    with pytest.raises(RefusedError, match="cannot be invoked"):
        move_callers(FILE, tmp_path, outputs, "1", lambda _line: None)
    assert (function.live, function.weights) == ("1", {})
    assert list(tmp_path.rglob("*")) == []


def test_failed_version_is_reported_with_the_reason_of_lambda(function: Released) -> None:
    alias = alias_with_states(function, "Pending", "Failed", reason="the snapshot cannot be taken")
    with pytest.raises(RefusedError, match=r"Version 1 of .* cannot be invoked: the snapshot cannot be taken"):
        alias.wait_until_active("1")


def test_pending_version_is_refused_after_the_longest_wait(function: Released) -> None:
    with pytest.raises(RefusedError, match=r"Version 1 of .* is still Pending after 0 s"):
        alias_with_states(function, "Pending").wait_until_active("1", longest=0)


def test_inactive_version_is_not_waited_for(function: Released) -> None:
    alias_with_states(function, "Inactive").wait_until_active("1")
