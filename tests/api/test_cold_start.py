"""What a start of the function loads, in a separate process."""

import ast
import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import fastapi
import pytest

from api.cold_start import fastapi_telemetry

ALLOWED = {
    "annotated_doc",
    "annotated_types",
    "anyio",
    "api",
    "aws_lambda_powertools",
    "botocore",
    "dateutil",
    "fastapi",
    "idna",
    "jmespath",
    "mangum",
    "pydantic",
    "pydantic_core",
    "six",
    "starlette",
    "typing_extensions",
    "typing_inspection",
    "urllib3",
}
NOT_IN_THE_PACKAGE = {
    *("certifi", "sniffio"),  # used where another tool has installed them
    *("sitecustomize", "usercustomize"),  # the hooks of an interpreter, which Debian and Ubuntu use
}
TOO_HEAVY = {
    "api.documentation",
    "api.openapi",
    "aws_xray_sdk",
    "boto3",
    "botocore.docs.service",
    "concurrent.futures.thread",
    "email_validator",
    "fastapi.openapi.models",
    "html.parser",
    "httpx",
    "importlib.metadata",
    "multipart",
    "opentelemetry",
    "python_multipart",
    "requests",
    "s3transfer",
}
PROBE = """
import json, sys, typing, typing_extensions
import api.lambda_handler as function
import pydantic_core.core_schema as core
loaded = sorted(sys.modules)
from api.openapi import committed
from fastapi.openapi import models, utils
from fastapi.security import APIKeyHeader, OAuth2, OAuth2PasswordBearer
print(json.dumps({
    "modules": loaded,
    "collecting": __import__("gc").isenabled(),
    "frozen": __import__("gc").get_freeze_count(),
    "undescribed": [type(each) is type for each in (core.CoreConfig, core.ModelField)],
    "typed dicts": [each.is_typeddict(each.TypedDict("Told", {"x": int})) for each in (typing, typing_extensions)],
    "document": committed(),
    "models": [models.__file__ is not None, utils.OpenAPI.__name__, utils.OpenAPI.real is models.OpenAPI],
    "security": [
        OAuth2().model == models.OAuth2(flows=models.OAuthFlows()),
        OAuth2PasswordBearer("/token").model.flows.password.tokenUrl,
        APIKeyHeader(name="X-Key").model.in_.value,
    ],
    "version": __import__("importlib.metadata").metadata.version("pydantic"),
}))
"""


@pytest.fixture(scope="module")
def start(environment: dict[str, str], root: Path) -> dict[str, object]:
    """The state of a fresh process in which the handler was imported, as in prod."""
    outcome = subprocess.run(
        [sys.executable, "-c", PROBE],
        cwd=root,
        env={**environment, "DOCS_ENABLED": "false", "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    state: dict[str, object] = json.loads(outcome.stdout.splitlines()[-1])
    return state


def test_start_loads_only_known_packages(start: dict[str, object]) -> None:
    modules = start["modules"]
    assert isinstance(modules, list)
    loaded = {name.partition(".")[0] for name in modules}
    unknown = loaded - sys.stdlib_module_names - ALLOWED - NOT_IN_THE_PACKAGE
    assert {name for name in unknown if not name.startswith("_")} == set()


def test_start_loads_no_slow_module(start: dict[str, object]) -> None:
    modules = start["modules"]
    assert isinstance(modules, list)
    assert TOO_HEAVY & set(modules) == set()
    assert len(modules) <= 620


def test_openapi_models_are_loaded_with_first_document(start: dict[str, object], root: Path) -> None:
    assert start["document"] == (root / "docs" / "openapi.json").read_text()
    assert start["models"] == [True, "OpenAPI", True]
    assert start["security"] == [True, "/token", "header"]


def test_package_metadata_is_readable_after_start(start: dict[str, object]) -> None:
    assert start["version"] == version("pydantic")


def test_pydantic_plugin_can_be_enabled_at_start(root: Path, environment: dict[str, str]) -> None:
    variables = {**environment, "PYTHONPATH": str(root), "PYDANTIC_DISABLE_PLUGINS": "another"}
    program = "import sys, api.lambda_handler; print(type(sys.modules['importlib.metadata']).__name__)"
    command = [sys.executable, "-c", program]
    outcome = subprocess.run(command, cwd=root, env=variables, capture_output=True, text=True, check=True)
    assert outcome.stdout.splitlines()[-1] == "module"


def test_telemetry_stub_has_every_name_that_fastapi_imports() -> None:
    folder = Path(fastapi.__file__).parent
    imported = {
        name.name
        for path in folder.rglob("*.py")
        if path.parent.name != "telemetry"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("fastapi.telemetry")
        for name in node.names
    }
    assert {"NativeTelemetry", "lifespan"} <= imported
    for name in imported:
        assert hasattr(fastapi_telemetry, name), f"api/cold_start/fastapi_telemetry.py lacks {name}"


def test_application_with_telemetry_stub_starts_and_stops(root: Path) -> None:
    program = """
from api import cold_start
cold_start.begin()
from contextlib import asynccontextmanager
from fastapi import FastAPI
from starlette.testclient import TestClient
@asynccontextmanager
async def life(app):
    print("begins")
    yield
    print("ends")
with TestClient(FastAPI(lifespan=life)) as client:
    print(client.get("/openapi.json").status_code)
"""
    command = [sys.executable, "-c", program]
    outcome = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert outcome.stdout.split() == ["begins", "200", "ends"], outcome.stderr


def test_only_typed_dicts_of_pydantic_core_are_plain(start: dict[str, object]) -> None:
    assert start["undescribed"] == [True, True], "pydantic's core no longer leaves its TypedDicts plain"
    assert start["typed dicts"] == [True, True]


def test_garbage_collector_skips_objects_of_the_start(start: dict[str, object]) -> None:
    assert start["collecting"] is True
    assert isinstance(start["frozen"], int)
    assert start["frozen"] > 100_000


def test_invalid_environment_variable_stops_start_with_one_sentence(root: Path, environment: dict[str, str]) -> None:
    variables = {**environment, "PYTHONPATH": str(root)}
    del variables["SESSIONS_TABLE"]
    command = [sys.executable, "-c", "import api.lambda_handler"]
    outcome = subprocess.run(command, cwd=root, env=variables, capture_output=True, text=True, check=False)
    assert outcome.returncode == 1
    sentence = "The environment variable SESSIONS_TABLE is not set: set it in the function's environment"
    assert outcome.stderr.splitlines()[-1] == f"api.settings.SettingsError: {sentence}"
