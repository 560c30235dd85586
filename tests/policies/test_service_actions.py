"""The calls that the API makes, its role's policy, and the calls that a role of a service may have."""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from policies.service_actions import BOUNDARY_ACTIONS, RUNTIME_ACTIONS
from tests.support.accounts import boundary, statements
from tests.support.stacks import ROOT
from toolkit.resource_types.iam import ROLE_POLICY
from toolkit.stacks import evaluate

API = ROOT / "api"
BY_METHOD = {
    "copy_object": {"s3:GetObject", "s3:PutObject"},
    "delete_object": {"s3:DeleteObject"},
    "generate_presigned_post": {"s3:PutObject"},
    "get_item": {"dynamodb:GetItem"},
    "get_secret_value": {"secretsmanager:GetSecretValue"},
    "put_item": {"dynamodb:PutItem"},
    "query": {"dynamodb:Query"},
    "transact_write_items": set[str](),
    "update_item": {"dynamodb:UpdateItem"},
}
"""The methods of clients, with the actions that IAM authorizes; a transaction's writes are authorized one by one.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html, read 2026-11-30.
"""
BY_WRITE = {"Put": "dynamodb:PutItem", "Update": "dynamodb:UpdateItem", "Delete": "dynamodb:DeleteItem"}
BY_PRESIGNED = {"get_object": "s3:GetObject"}
TELEMETRY = {
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
}
"""What Lambda itself does with the function's role."""


def trees() -> Iterator[ast.AST]:
    for file in API.rglob("*.py"):
        yield from ast.walk(ast.parse(file.read_text()))


def calls_of(expression: ast.AST) -> bool:
    """Return whether the expression is a client, by the names that the API gives to them."""
    return re.search(r"client|secretsmanager|dynamodb|\bs3\b", ast.unparse(expression)) is not None


@cache
def called() -> frozenset[str]:
    """The actions of every call of a client in the API."""
    found: set[str] = set()
    for node in trees():
        if isinstance(node, ast.Attribute) and calls_of(node.value) and node.attr in BY_METHOD:
            found |= BY_METHOD[node.attr]
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "generate_presigned_url":
            found |= {BY_PRESIGNED[ast.literal_eval(node.args[0])]}
        if isinstance(node, ast.Tuple) and node.elts and isinstance(node.elts[0], ast.Constant):
            found |= {BY_WRITE[kind] for kind in [node.elts[0].value] if kind in BY_WRITE}
    return frozenset(found)


def granted() -> set[str]:
    (policy,) = (one for one in evaluate("prod", root=ROOT).of_type(ROLE_POLICY) if one.name == "api-permissions")
    return set[str]().union(*map(actions, json.loads(str(policy.inputs["policy"]))["Statement"]))


def actions(statement: Mapping[str, Any]) -> list[str]:
    action: str | list[str] = statement["Action"]
    return [action] if isinstance(action, str) else action


def test_api_role_allows_exactly_the_calls_of_its_code() -> None:
    assert granted() == called() | TELEMETRY


def test_client_methods_of_the_api_are_listed() -> None:
    methods = {
        node.func.attr
        for node in trees()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and calls_of(node.func.value)
    }
    operations = re.compile(r"(get|put|update|delete|batch|transact|copy|list|head|create|describe|send|publish)_\w+")
    assert {each for each in methods if operations.fullmatch(each)} <= {*BY_METHOD}


def test_calls_of_the_api_are_runtime_actions() -> None:
    assert {each.lower() for each in called() | TELEMETRY} <= RUNTIME_ACTIONS


def test_runtime_actions_contain_no_management_and_one_wildcard() -> None:
    management = re.compile(
        r".*:(create(?!logstream)|delete(?!item|object|message)|put.*policy|update(?!item|alias)).*"
    )
    assert [each for each in BOUNDARY_ACTIONS if management.fullmatch(each)] == []
    assert [each for each in BOUNDARY_ACTIONS if "*" in each] == ["kms:generatedatakey*"]


def test_boundary_of_runtime_roles_allows_only_listed_actions() -> None:
    allowed = [each for each in statements(boundary("prod", "trail")) if each["Effect"] == "Allow"]
    assert {action.lower() for each in allowed for action in actions(each)} <= BOUNDARY_ACTIONS
