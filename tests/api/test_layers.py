"""The layers of the service: only routers import FastAPI, only repositories call AWS."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import api.definition
from api.main import FEATURES

ALLOWED = {"router.py": {"fastapi"}, "repository.py": {"boto3", "botocore"}}
KNOWN = {"fastapi", "starlette", "boto3", "botocore", "mangum"}


def packages(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def test_every_folder_is_a_feature_or_cold_start(root: Path) -> None:
    declared = {feature.name.replace("-", "_") for feature in api.definition.FEATURES}
    folders = {path.parent.name for path in (root / "api").glob("*/__init__.py")}
    assert folders - declared == {"cold_start"}


@pytest.mark.parametrize("feature", FEATURES)
def test_only_router_imports_fastapi_and_only_repository_imports_botocore(root: Path, feature: str) -> None:
    for path in (root / "api" / feature.replace("-", "_")).glob("*.py"):
        foreign = KNOWN & set(packages(path)) - ALLOWED.get(path.name, set())
        assert foreign == set(), path.name


def test_routes_of_service_and_caller_import_only_fastapi(root: Path) -> None:
    assert KNOWN & set(packages(root / "api/information.py")) == {"fastapi"}


def test_outside_the_features_only_clients_messages_and_table_import_botocore(root: Path) -> None:
    users = {path.name for path in (root / "api").glob("*.py") if {"boto3", "botocore"} & set(packages(path))}
    assert users == {"aws.py", "messages.py", "table.py"}


def test_definition_imports_only_types(root: Path) -> None:
    assert list(packages(root / "api" / "definition.py")) == ["collections", "typing"]


def test_routes_are_async_and_use_no_depends(root: Path) -> None:
    for path in [
        *(root / "api").glob("*/router.py"),
        root / "api/information.py",
        root / "api/documentation.py",
    ]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                assert not any(isinstance(each, ast.Call) for each in node.decorator_list), (path, node.name)
            assert not (isinstance(node, ast.Name) and node.id == "Depends"), path
