"""A provider or an engine that ends in the middle of a create, and the steps after which nothing is lost or doubled."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.engine.ending_plugin import ENDS_AT, ENDS_BEFORE, ENDS_ENGINE
from tests.engine.engine import CURSOR_KEY, Engine, Outcome
from tests.engine.left_behind import left_in
from toolkit.localcloud.connection import AwsConnection
from toolkit.stacks import evaluate

FUNCTION_LOGS = "/items-api/dev/function"


@pytest.fixture
def dev(engine_of: Callable[[str], Engine]) -> Engine:
    return engine_of("dev")


def ended_at(names: Iterable[str], engine: Engine, **how: str) -> Outcome:
    """An update, one resource after the other, that ends in the first create of one of these."""
    engine.plugin_folders.insert(0, Path(__file__).parent / "bin" / "ending")
    try:
        return engine.run("up", "--parallel", "1", **{ENDS_AT: " ".join(names)}, **how)
    finally:
        engine.plugin_folders.pop(0)


def assert_whole(engine: Engine) -> None:
    """Each resource of the program is there once, and nothing else is."""
    resources = evaluate("dev", root=engine.root, config={"items-api:cursor-key": CURSOR_KEY}).resources
    assert {resource["urn"] for resource in engine.state} == {resource.urn for resource in resources}
    assert engine.pending == []
    assert engine.done("refresh", "--expect-no-changes").operations == {}
    engine.done("destroy")
    assert left_in(engine.aws.connection) == {}
    assert aliases(engine.aws.connection) == []


def aliases(connection: AwsConnection) -> list[str]:
    listed = connection.client("kms").list_aliases()["Aliases"]
    return [alias["AliasName"] for alias in listed if not alias["AliasName"].startswith("alias/aws/")]


def test_a_provider_that_ends_in_a_call_is_named_and_what_it_made_is_removed_before_the_next_update(
    dev: Engine,
) -> None:
    left = {"sessions-table", "api-logs"}
    while left:  # which of them comes first is not said: the program registers them side by side
        ended = ended_at(left, dev, **{ENDS_BEFORE: "sessions-table"})
        assert ended.code not in {0, -9}
        assert "pulumi-resource-aws exited prematurely" in ended.output
        (name,) = (one for one in left if f"({one}):" in ended.output)
        left.remove(name)
        assert "Traceback" not in ended.output
        assert "goroutine" not in ended.output
        assert name not in {resource["urn"].rpartition("::")[2] for resource in dev.state}

    refused = dev.run("up")
    assert refused.code != 0
    assert "(api-logs):" in refused.output
    assert "ResourceAlreadyExistsException" in refused.output

    dev.aws.connection.client("logs").delete_log_group(logGroupName=FUNCTION_LOGS)
    dev.done("up")
    assert_whole(dev)


def _remove_api(connection: AwsConnection, inputs: Mapping[str, Any]) -> None:
    client = connection.client("apigatewayv2")
    (api,) = (api["ApiId"] for api in client.get_apis()["Items"] if api["Name"] == inputs["name"])
    client.delete_api(ApiId=api)


REMOVE: dict[str, Callable[[AwsConnection, Mapping[str, Any]], object]] = {
    "api-role": lambda aws, inputs: aws.client("iam").delete_role(RoleName=inputs["name"]),
    "http-api": _remove_api,
    "alerts-key-alias": lambda aws, inputs: aws.client("kms").delete_alias(AliasName=inputs["name"]),
}
"""A name that Pulumi chose, an identifier that AWS chose, a fixed name: how each is found and removed by its inputs."""


def test_an_engine_killed_in_a_create_leaves_the_names_by_which_the_stack_is_made_whole(dev: Engine) -> None:
    left = dict(REMOVE)
    while left:  # which of them comes first is not said: the program registers them side by side
        assert ended_at(left, dev, **{ENDS_ENGINE: "yes"}).code == -9
        assert "locked by 1 lock" in dev.run("up").output
        dev.done("cancel", "--yes")

        (operation,) = dev.pending
        assert operation["type"] == "creating"
        remove = left.pop(operation["resource"]["urn"].rpartition("::")[2])
        remove(dev.aws.connection, operation["resource"]["inputs"])
        dev.done("refresh", "--clear-pending-creates")

    assert "pending operations" not in dev.done("up").output
    assert_whole(dev)
