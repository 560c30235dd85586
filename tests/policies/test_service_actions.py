"""The calls that a role of a service may have. The package compares those of the code with the roles of the stack."""

import re
from collections.abc import Mapping
from typing import Any

from policies.service_actions import BOUNDARY_ACTIONS
from tests.support.accounts import boundary, statements


def actions(statement: Mapping[str, Any]) -> list[str]:
    action: str | list[str] = statement["Action"]
    return [action] if isinstance(action, str) else action


def test_runtime_actions_contain_no_management_and_one_wildcard() -> None:
    management = re.compile(
        r".*:(create(?!logstream)|delete(?!item|object|message)|put.*policy|update(?!item|alias)).*"
    )
    assert [each for each in BOUNDARY_ACTIONS if management.fullmatch(each)] == []
    assert [each for each in BOUNDARY_ACTIONS if "*" in each] == ["kms:generatedatakey*"]


def test_boundary_of_runtime_roles_allows_only_listed_actions() -> None:
    allowed = [each for each in statements(boundary("prod", "trail")) if each["Effect"] == "Allow"]
    assert {action.lower() for each in allowed for action in actions(each)} <= BOUNDARY_ACTIONS
