"""A stack from its first preview to its end, by the real engine, in an embedded AWS."""

from collections.abc import Callable
from typing import Any

import pytest

from localcloud.connection import AwsConnection
from stackgraph import evaluate
from tests.engine.engine import CURSOR_KEY, Engine

LISTS = {
    ("dynamodb", "list_tables"): "TableNames",
    ("s3", "list_buckets"): "Buckets",
    ("lambda", "list_functions"): "Functions",
    ("apigatewayv2", "get_apis"): "Items",
    ("logs", "describe_log_groups"): "logGroups",
    ("cloudwatch", "describe_alarms"): "MetricAlarms",
    ("cloudwatch", "list_dashboards"): "DashboardEntries",
    ("iam", "list_roles"): "Roles",
    ("sns", "list_topics"): "Topics",
    ("sns", "list_subscriptions"): "Subscriptions",
    ("secretsmanager", "list_secrets"): "SecretList",
}


def left_in(connection: AwsConnection) -> dict[str, Any]:
    """What the account still has, but for what AWS itself deletes later."""
    found = {call: getattr(connection.client(service), call)()[answer] for (service, call), answer in LISTS.items()}
    pools = connection.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
    return {call: entries for call, entries in {**found, "list_user_pools": pools}.items() if entries}


@pytest.mark.parametrize("stack", ["dev", "local"])
def test_a_stack_is_previewed_made_kept_and_removed(stack: str, engine_of: Callable[[str], Engine]) -> None:
    engine = engine_of(stack)
    resources = len(evaluate(stack, root=engine.root, config={"items-api:cursor-key": CURSOR_KEY}).resources)

    assert engine.done("preview").counts == {"create": resources}
    assert left_in(engine.aws.connection) == {}
    assert engine.done("up").counts == {"create": resources}
    assert engine.done("up", "--expect-no-changes").operations == {}
    assert engine.done("refresh", "--expect-no-changes").operations == {}
    assert engine.done("preview", "--expect-no-changes").operations == {}
    assert engine.done("destroy").counts == {"delete": resources}
    assert left_in(engine.aws.connection) == {}
    assert engine.state == []
