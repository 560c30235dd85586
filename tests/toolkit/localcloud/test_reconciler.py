"""Successive evaluations apply only changes to the embedded AWS, in an order that AWS accepts."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.aws import ACCOUNT, shared_aws, unique
from toolkit.localcloud.provider import AwsProvider, ProviderError
from toolkit.localcloud.reconciler import Reconciler, Step
from toolkit.resource_types.automatic_names import AutomaticNames, NamePattern

GROUP = "aws:cloudwatch/logGroup:LogGroup"
TABLE = "aws:dynamodb/table:Table"
POLICY = "aws:iam/policy:Policy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ROLE = "aws:iam/role:Role"

NOBODY = json.dumps({"Version": "2012-10-17", "Statement": []})
READS = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]})
NOWHERE = f"arn:aws:iam::{ACCOUNT}:policy/nowhere"

Resources = Mapping[tuple[str, str], Mapping[str, Any]]


class Stack:
    """A program that is evaluated again and again, as data."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        provider = AwsProvider(shared_aws().connection, ACCOUNT, Path())
        self._reconciler = Reconciler(provider, self.steps.append)

    def continued(self) -> "Stack":
        """A stack of the next process, from the record of this one."""
        stack = Stack()
        stack._reconciler.restore(self._reconciler.record())
        return stack

    def become(self, resources: Resources) -> list[str]:
        """Evaluate a program with these resources; what was done, such as `create items`."""
        self.steps.clear()
        self._reconciler.begin()
        for (type, name), inputs in resources.items():
            self._reconciler.create(type, name, inputs)
        self._reconciler.finish()
        return [f"{step.action} {step.name}" for step in self.steps]


@pytest.fixture
def stack() -> Stack:
    return Stack()


def table(name: str, *, key: str = "owner", protected: bool = False) -> dict[str, Any]:
    return {
        "name": name,
        "hashKey": key,
        "attributes": [{"name": key, "type": "S"}],
        "billingMode": "PAY_PER_REQUEST",
        "deletionProtectionEnabled": protected,
    }


def role(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "assumeRolePolicy": NOBODY, **more}


def test_only_changes_are_applied(stack: Stack) -> None:
    one, two = (GROUP, "one"), (GROUP, "two")
    assert stack.become({one: {}, two: {}}) == ["create one", "create two"]
    assert stack.become({one: {}, two: {}}) == []
    assert stack.become({one: {"retentionInDays": 7}}) == ["update one", "delete two"]


def test_dependent_resource_is_deleted_first(stack: Stack) -> None:
    name, policy = unique("role"), unique("policy")

    def resources(suffix: str) -> Resources:
        return {
            (POLICY, "policy"): {"name": policy + suffix, "policy": READS},
            (ROLE, "role"): role(name),
            (ATTACHMENT, "attachment"): {
                "role": name,
                "policyArn": f"arn:aws:iam::{ACCOUNT}:policy/{policy}{suffix}",
            },
        }

    stack.become(resources(""))
    assert stack.become(resources("-2")) == [
        "replace policy",
        "replace attachment",
        "delete attachment",
        "delete policy",
    ]
    assert stack.become({}) == ["delete attachment", "delete role", "delete policy"]


def test_resource_with_a_fixed_name_is_deleted_before_its_replacement(stack: Stack) -> None:
    name = unique("items")
    stack.become({(TABLE, "items"): table(name)})
    assert stack.become({(TABLE, "items"): table(name, key="id")}) == ["replace items"]
    dynamodb = shared_aws().connection.client("dynamodb")
    assert dynamodb.describe_table(TableName=name)["Table"]["KeySchema"][0]["AttributeName"] == "id"
    assert stack.become({}) == ["delete items"]


def test_resource_whose_automatic_name_has_no_random_part_is_deleted_before_its_replacement() -> None:
    reconciler = Reconciler(AwsProvider(shared_aws().connection, ACCOUNT, Path()), lambda _step: None)
    name = unique("items")
    for key in ("owner", "id"):
        reconciler.begin()
        inputs = {each: value for each, value in table(name, key=key).items() if each != "name"}
        reconciler.create(TABLE, name, inputs, AutomaticNames(NamePattern("${name}", enforced=True)))
        reconciler.finish()

    found = shared_aws().connection.client("dynamodb").describe_table(TableName=name)["Table"]
    assert found["KeySchema"][0]["AttributeName"] == "id"


def test_creation_that_aws_rejects_half_way_is_rolled_back(stack: Stack) -> None:
    name = unique("role")
    with pytest.raises(ProviderError, match=f"^{ROLE} api: AttachRolePolicy failed: NoSuchEntity"):
        stack.become({(ROLE, "api"): role(name, managedPolicyArns=[NOWHERE])})
    assert stack.become({(ROLE, "api"): role(name)}) == ["create api"]


def test_update_that_aws_rejects_half_way_is_rolled_back(stack: Stack) -> None:
    name = unique("role")
    before = {(ROLE, "api"): role(name, description="one")}
    stack.become(before)
    with pytest.raises(ProviderError, match="AttachRolePolicy failed: NoSuchEntity"):
        stack.become({(ROLE, "api"): role(name, description="two", managedPolicyArns=[NOWHERE])})
    assert shared_aws().connection.client("iam").get_role(RoleName=name)["Role"]["Description"] == "one"
    assert stack.become(before) == []


def test_failed_deletion_is_retried(stack: Stack) -> None:
    name = unique("items")
    stack.become({(TABLE, "items"): table(name, protected=True), (GROUP, "logs"): {}})
    with pytest.raises(ProviderError, match=f"^{TABLE} .*DeletionProtectionEnabled"):
        stack.become({})
    assert stack.become({(TABLE, "items"): table(name)}) == ["update items"]
    assert stack.become({}) == ["delete items"]


def test_two_resources_of_one_type_and_name_are_rejected() -> None:
    reconciler = Reconciler(AwsProvider(shared_aws().connection, ACCOUNT, Path()), lambda _step: None)
    reconciler.begin()
    reconciler.create(GROUP, "logs", {})
    with pytest.raises(
        ProviderError, match=f"^{GROUP} logs: another component has a resource of this name; give it another name.$"
    ):
        reconciler.create(GROUP, "logs", {"retentionInDays": 7})


def test_reconciler_restored_from_a_record_applies_only_changes(stack: Stack) -> None:
    name = unique("group")
    resources: Resources = {
        (GROUP, "group"): {"name": name, "retentionInDays": 7},
        (GROUP, "gone"): {"name": unique("gone")},
    }
    assert stack.become(resources) == ["create group", "create gone"]
    again = stack.continued()
    assert again.become(resources) == []
    assert again.continued().become({(GROUP, "group"): {"name": name, "retentionInDays": 14}}) == [
        "update group",
        "delete gone",
    ]
