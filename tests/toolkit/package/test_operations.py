"""The function may call only what its trimmed botocore still describes."""

import ast
import re
from pathlib import Path

import pytest
from botocore.session import Session

from tests.support.packages import OPERATIONS


def snake(operation: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", operation).lower()


@pytest.fixture(scope="module")
def known() -> dict[str, str]:
    """Every operation of the kept services by the name of its method; other words are nobody's operation."""
    session = Session()
    names = [name for service in OPERATIONS for name in session.get_service_model(service).operation_names]
    return {snake(name): name for name in names}


def called(root: Path) -> set[str]:
    """The names of the methods that api/ calls, and the words it passes on as names of operations."""
    found: set[str] = set()
    for path in (root / "api").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute):
                found.add(node.attr)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def test_every_operation_that_the_api_calls_is_shipped(root: Path, known: dict[str, str]) -> None:
    operations = {known[name] for name in called(root) & known.keys()}
    assert operations != set()
    assert operations <= frozenset().union(*OPERATIONS.values())


def test_every_service_that_the_api_calls_is_shipped(root: Path) -> None:
    made = {
        node.args[0].value
        for path in (root / "api").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
        if isinstance(node.func, ast.Attribute) and node.func.attr.endswith("client")
    }
    assert made != set()
    assert made <= set(OPERATIONS)
