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
    assert sorted(path.parent.name for path in (root / "api").glob("*/__init__.py")) == sorted(
        [*FEATURES, "cold_start"]
    )


@pytest.mark.parametrize("feature", FEATURES)
def test_router_and_repository_keep_their_libraries_to_themselves(root: Path, feature: str) -> None:
    for path in (root / "api" / feature).glob("*.py"):
        foreign = KNOWN & set(packages(path)) - ALLOWED.get(path.name, set())
        assert foreign == set(), path.name


def test_outside_the_features_only_one_module_makes_aws_clients(root: Path) -> None:
    users = {path.name for path in (root / "api").glob("*.py") if {"boto3", "botocore"} & set(packages(path))}
    assert users == {"aws.py"}


def test_routes_never_cost_a_thread_and_ask_without_depends(root: Path) -> None:
    for path in [*(root / "api").glob("*/router.py"), root / "api" / "documentation.py"]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                assert not any(isinstance(each, ast.Call) for each in node.decorator_list), (path, node.name)
            assert not (isinstance(node, ast.Name) and node.id == "Depends"), path
