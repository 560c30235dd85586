"""Staging, which is prod in small: its data is kept, and its versions are moved by CodeDeploy."""

from collections.abc import Callable

import pytest

from tests.engine.engine import CURSOR_KEY, Engine
from tests.engine.left_behind import left_in
from tests.support.whole_program import write_package
from toolkit.stacks import evaluate

KEPT = ("items-table", "sessions-table", "attachments-bucket", "sign-in-pool")


def test_staging_is_previewed_made_kept_and_removed_on_purpose_only(engine_of: Callable[[str], Engine]) -> None:
    staging = engine_of("staging")
    resources = len(evaluate("staging", root=staging.root, config={"items-api:cursor-key": CURSOR_KEY}).resources)
    assert staging.done("preview").counts == {"create": resources}
    assert staging.done("up").counts == {"create": resources}
    assert staging.done("up", "--expect-no-changes").operations == {}
    assert staging.done("refresh", "--expect-no-changes").operations == {}

    refused = staging.run("destroy")
    assert refused.code != 0
    for name in KEPT:
        assert name in refused.output
    assert len(staging.state) == resources

    staging.done("state", "unprotect", "--all", "--yes")
    dynamodb = staging.aws.connection.client("dynamodb")
    for table in dynamodb.list_tables()["TableNames"]:
        dynamodb.update_table(TableName=table, DeletionProtectionEnabled=False)
    staging.done("destroy")
    assert left_in(staging.aws.connection) == {}
    assert staging.state == []


@pytest.fixture(scope="module")
def staging(engine_of: Callable[[str], Engine]) -> Engine:
    engine = engine_of("staging")
    engine.done("up")
    return engine


def test_settings_that_would_make_its_tables_anew_are_refused_and_nothing_is_touched(staging: Engine) -> None:
    state, everything = staging.state_text, left_in(staging.aws.connection)
    staging.set("aws:region: eu-central-1", "aws:region: eu-west-1")
    refused = staging.run("up", "--yes")
    staging.set("aws:region: eu-west-1", "aws:region: eu-central-1")
    assert refused.code != 0
    for name in KEPT:
        assert f"::{name}" in refused.output
    assert "unprotect" in refused.output
    assert "Traceback" not in refused.output
    assert staging.state_text == state
    assert left_in(staging.aws.connection) == everything
    assert staging.aws.connection.in_region("eu-west-1").client("dynamodb").list_tables()["TableNames"] == []


def test_the_version_that_codedeploy_moved_callers_to_is_not_taken_back(staging: Engine) -> None:
    client = staging.aws.connection.client("lambda")
    (function,) = (found["FunctionName"] for found in client.list_functions()["Functions"])

    def live() -> str:
        return str(client.get_alias(FunctionName=function, Name="live")["FunctionVersion"])

    write_package(staging.root, "staging", "def handler(event, context): return 'new'")
    assert staging.done("up").named_operations == {"alarms-canary-errors": "update", "api-function": "update"}
    assert live() == "1"

    client.update_alias(FunctionName=function, Name="live", FunctionVersion="2")  # what CodeDeploy does in the end
    assert staging.done("preview", "--expect-no-changes").operations == {}
    assert staging.done("up", "--refresh").named_operations == {}
    assert live() == "2"
