"""The operations that the code calls are compared with the actions of the stack's roles."""

import json

import pytest

from tests.support.graphs import graph, resource
from tests.support.stacks import ROOT
from toolkit.configuration import configuration
from toolkit.package.operations import Operations, operations_of
from toolkit.package.permissions import unmatched
from toolkit.resource_types.iam import ROLE_POLICY
from toolkit.stacks import ResourceGraph, evaluate


def allowing(*actions: str) -> ResourceGraph:
    """A stack with one role that has these actions."""
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return graph(resource("grant", ROLE_POLICY, inputs={"policy": json.dumps({"Statement": statement})}))


def found(operations: dict[str, set[str]], *actions: str) -> list[str]:
    kept: Operations = {service: frozenset(names) for service, names in operations.items()}
    return [
        line.split(":", 1)[0] + ":" + line.split(":")[1].split(",")[0] for line in unmatched(kept, allowing(*actions))
    ]


def test_call_that_no_role_allows_is_reported() -> None:
    assert found({"sqs": {"SendMessage"}}, "sqs:ReceiveMessage") == ["The code calls sqs:SendMessage"]
    assert found({"sqs": {"SendMessageBatch"}}, "sqs:SendMessage") == []


def test_client_of_a_service_that_no_role_names_is_not_reported() -> None:
    assert found({"sqs": {"SendMessage"}}, "sns:Publish") == []


def test_action_that_no_call_needs_is_reported() -> None:
    assert found({"sns": {"Publish"}}, "sns:Publish", "sns:Subscribe") == ["A role of the stack allows sns:Subscribe"]


@pytest.mark.parametrize("action", ["logs:PutLogEvents", "sqs:ReceiveMessage", "xray:PutTraceSegments"])
def test_actions_that_lambda_uses_are_not_reported(action: str) -> None:
    assert found({"sqs": {"SendMessage"}}, "sqs:SendMessage", action) == []


def test_operation_has_the_actions_that_iam_evaluates() -> None:
    assert found({"s3": {"CopyObject", "HeadBucket"}}, "s3:GetObject") == ["The code calls s3:PutObject"]
    assert found({"lambda": {"Invoke"}}, "lambda:InvokeFunction") == []
    assert found({"dynamodb": {"TransactWriteItems"}}, "dynamodb:PutItem", "dynamodb:Scan") == [
        "A role of the stack allows dynamodb:Scan"
    ]


def test_roles_of_the_service_allow_exactly_the_calls_of_its_code() -> None:
    operations = operations_of(ROOT / configuration().package.sources, {})
    assert list(unmatched(operations, evaluate("prod", root=ROOT))) == []
