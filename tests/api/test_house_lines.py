"""The lines inside the service: a feature's router alone knows FastAPI, its repository alone botocore."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

FEATURES = ["attachments", "environment", "health", "items", "me", "sessions"]
ALLOWED = {"router.py": {"fastapi"}, "repository.py": {"boto3", "botocore"}}
KNOWN = {"fastapi", "starlette", "boto3", "botocore", "mangum"}


def packages(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def test_every_folder_is_a_feature(root: Path) -> None:
    assert sorted(path.parent.name for path in (root / "api").glob("*/__init__.py")) == FEATURES


@pytest.mark.parametrize("feature", FEATURES)
def test_router_and_repository_keep_their_libraries_to_themselves(root: Path, feature: str) -> None:
    for path in (root / "api" / feature).glob("*.py"):
        foreign = KNOWN & set(packages(path)) - ALLOWED.get(path.name, set())
        assert foreign == set(), path.name


def test_outside_the_features_only_one_module_makes_aws_clients(root: Path) -> None:
    users = {path.name for path in (root / "api").glob("*.py") if {"boto3", "botocore"} & set(packages(path))}
    assert users == {"aws.py"}


def test_routes_and_dependencies_never_cost_a_thread(root: Path) -> None:
    routers = list((root / "api").glob("*/router.py"))
    for path in [*routers, root / "api" / "documentation.py"]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                assert not any(isinstance(each, ast.Call) for each in node.decorator_list), (path, node.name)
    dependencies = ast.parse((root / "api" / "dependencies.py").read_text())
    asked = {
        node.args[0].id
        for node in ast.walk(dependencies)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Depends"
        and isinstance(node.args[0], ast.Name)
    }
    written = {node.name for node in ast.walk(dependencies) if isinstance(node, ast.AsyncFunctionDef)}
    assert asked
    assert asked <= written
