"""A deploy role may make, change, remove and read every type of the main program, where the program has it."""

import json
from collections.abc import Iterator
from functools import cache

import pytest

from infrastructure.bootstrap.actions import BY_TYPE
from stackgraph import Resource, ResourceGraph, evaluate
from tests.support.accounts import ACCOUNTS, PREFIX, REGION, arn, foundation, may, policies
from tests.support.stacks import DOMAIN, EDGE_KEY, ROOT, configured

LOSING_DATA = {"dynamodb:DeleteTable", "s3:DeleteBucket", "cognito-idp:DeleteUserPool", "secretsmanager:DeleteSecret"}


@cache
def whole(account: str) -> ResourceGraph:
    """The stack with everything that settings can add to it."""
    config = {**configured(account, domain=DOMAIN, edge={}, delivery="canary"), EDGE_KEY: "k" * 40}
    return evaluate(account, root=ROOT, config=config)


def types() -> set[str]:
    provisioned = {"start-mode": "provisioned", "provisioned-concurrency": 1}
    function = {**json.loads(configured("prod")["items-api:settings"])["function"], **provisioned}
    graphs = (*map(whole, ACCOUNTS), evaluate("prod", root=ROOT, config=configured("prod", function=function)))
    return {resource.type for graph in graphs for resource in graph.resources if resource.type.startswith("aws:")}


def test_every_type_of_the_program_has_its_actions() -> None:
    assert types() - BY_TYPE.keys() == set()


def reachable(account: str) -> Iterator[tuple[Resource, str]]:
    """The resources of a stack whose ARN the offline evaluation knows."""
    for resource in whole(account).resources:
        where = resource.outputs.get("arn")
        if resource.type in BY_TYPE and where:
            yield resource, str(where)


@pytest.mark.parametrize("account", ACCOUNTS)
def test_a_deploy_role_may_what_each_resource_of_its_stack_needs(account: str) -> None:
    context = {
        "aws:ResourceTag/project": "items-api",
        "aws:ResourceTag/stack": account,
        "iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNTS[account]}:policy/{PREFIX}-workload",
    }
    denied = LOSING_DATA if account == "prod" else set()
    checked = set()
    for resource, where in reachable(account):
        row = BY_TYPE[resource.type]
        for action in (row.changing | row.reading) - denied:
            assert may(account, f"deploy-{account}", action, where, **context), (resource.name, action, where)
            checked.add(resource.type)
        for action in row.changing_anywhere | row.reading_anywhere:
            told = {**context, "aws:RequestTag/project": "items-api", "aws:RequestTag/stack": account}
            assert may(account, f"deploy-{account}", action, "*", **told), (resource.name, action)
    assert len(checked) > 20


@pytest.mark.parametrize("account", ACCOUNTS)
def test_a_plan_may_read_what_each_resource_of_its_stack_is(account: str) -> None:
    for resource, where in reachable(account):
        for action in BY_TYPE[resource.type].reading:
            assert may(account, "plan", action, where), (resource.name, action, where)


@pytest.mark.parametrize("action", sorted(LOSING_DATA))
def test_only_an_admin_loses_the_data_of_prod(action: str) -> None:
    for account, allowed in (("staging", True), ("prod", False)):
        found = [where for resource, where in reachable(account) if action in BY_TYPE[resource.type].changing]
        assert found
        assert [may(account, f"deploy-{account}", action, where) for where in found] == [allowed] * len(found)


def test_plan_and_preview_change_nothing() -> None:
    for role in ("preview", "plan"):
        for resource, where in reachable("prod"):
            row = BY_TYPE[resource.type]
            for action in row.changing - row.reading:
                assert not may("prod", role, action, where), (role, action)
        for row in BY_TYPE.values():
            for action in row.changing_anywhere:
                assert not may("prod", role, action), (role, action)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("lambda:UpdateFunctionCode", arn("prod", "lambda", "function:somebody-elses")),
        ("iam:CreateRole", f"arn:aws:iam::{ACCOUNTS['prod']}:role/admin"),
        ("logs:DeleteLogGroup", arn("prod", "logs", "log-group:/items-api/staging/function")),
        ("cloudwatch:DeleteDashboards", f"arn:aws:cloudwatch::{ACCOUNTS['prod']}:dashboard/items-api-staging"),
        ("kms:PutKeyPolicy", arn("prod", "kms", "key/0")),  # whose tags say that it is no one's
        ("kms:CreateKey", "*"),  # without the stack's tags
        ("dynamodb:GetItem", arn("prod", "dynamodb", "table/items-table-0123456")),
        ("s3:GetObject", "arn:aws:s3:::attachments-bucket-0123456/attachments/x"),
        ("dynamodb:CreateTable", arn("prod", "dynamodb", "table/items-table-0123456", region="us-west-2")),
    ],
)
def test_a_deploy_role_may_nothing_else(action: str, resource: str) -> None:
    context = {"iam__permissionsboundary": f"arn:aws:iam::{ACCOUNTS['prod']}:policy/{PREFIX}-workload"}
    assert not may("prod", "deploy-prod", action, resource, **context)


@pytest.mark.parametrize("account", ACCOUNTS)
def test_iam_takes_every_policy(account: str) -> None:
    """A managed policy has 6,144 characters at most, not counting white space, and a role ten of them."""
    lengths = {
        policy.inputs["name"]: len("".join(policy.inputs["policy"].split()))
        for policy in foundation(account).of_type("aws:iam/policy:Policy")
    }
    assert max(lengths.values()) <= 6144, lengths
    assert len(policies(account, f"deploy-{account}")) <= 10
    assert REGION in str(policies(account, "plan"))
