"""What a start of the function may load, looked at in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

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
    "opentelemetry",
    "pydantic",
    "pydantic_core",
    "six",
    "starlette",
    "typing_extensions",
    "typing_inspection",
    "urllib3",
}
NOT_IN_THE_PACKAGE = {"certifi", "sniffio"}  # used where another tool has installed them
TOO_HEAVY = {
    "api.documentation",
    "api.openapi",
    "aws_xray_sdk",
    "boto3",
    "botocore.docs.service",
    "concurrent.futures.thread",
    "email_validator",
    "html.parser",
    "httpx",
    "multipart",
    "python_multipart",
    "requests",
    "s3transfer",
}
PROBE = """
import json, sys, typing, typing_extensions
import api.lambda_handler as function
import pydantic_core.core_schema as core
from pydantic import BaseModel
from fastapi.openapi.models import OpenAPI, Schema
print(json.dumps({
    "modules": sorted(sys.modules),
    "collecting": __import__("gc").isenabled(),
    "frozen": __import__("gc").get_freeze_count(),
    "deferred": [not model.__pydantic_complete__ for model in (OpenAPI, Schema)],
    "restored": BaseModel.model_config.get("defer_build") is None and BaseModel.model_rebuild.__func__.__module__,
    "undescribed": [type(each) is type for each in (core.CoreConfig, core.ModelField)],
    "typed dicts": [each.is_typeddict(each.TypedDict("Told", {"x": int})) for each in (typing, typing_extensions)],
    "works": OpenAPI(openapi="3.1.0", info={"title": "x", "version": "1"}, paths={}).openapi,
}))
"""


@pytest.fixture(scope="module")
def start(environment: dict[str, str], root: Path) -> dict[str, object]:
    """The state of a fresh process in which the handler was imported, as in prod."""
    outcome = subprocess.run(
        [sys.executable, "-c", PROBE],
        cwd=root,
        env={**environment, "ENVIRONMENT": "prod", "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    state: dict[str, object] = json.loads(outcome.stdout.splitlines()[-1])
    return state


def test_only_known_packages_are_loaded(start: dict[str, object]) -> None:
    modules = start["modules"]
    assert isinstance(modules, list)
    loaded = {name.partition(".")[0] for name in modules}
    unknown = loaded - sys.stdlib_module_names - ALLOWED - NOT_IN_THE_PACKAGE
    assert {name for name in unknown if not name.startswith("_")} == set()


def test_nothing_heavy_is_loaded(start: dict[str, object]) -> None:
    modules = start["modules"]
    assert isinstance(modules, list)
    assert TOO_HEAVY & set(modules) == set()
    assert len(modules) <= 665


def test_fastapis_openapi_models_wait_until_they_are_needed(start: dict[str, object]) -> None:
    assert start["deferred"] == [True, True], "FastAPI's import no longer defers its models"
    assert start["restored"] == "pydantic.main"
    assert start["works"] == "3.1.0"


def test_pydantics_core_describes_no_dictionary_and_everybody_elses_are_described(start: dict[str, object]) -> None:
    assert start["undescribed"] == [True, True], "pydantic's core no longer leaves its TypedDicts plain"
    assert start["typed dicts"] == [True, True]


def test_the_collector_rests_on_what_the_start_left(start: dict[str, object]) -> None:
    assert start["collecting"] is True
    assert isinstance(start["frozen"], int)
    assert start["frozen"] > 100_000


def test_a_wrong_environment_stops_the_start_with_one_sentence(root: Path, environment: dict[str, str]) -> None:
    variables = {**environment, "PYTHONPATH": str(root)}
    del variables["ITEM_TABLE"]
    command = [sys.executable, "-c", "import api.lambda_handler"]
    outcome = subprocess.run(command, cwd=root, env=variables, capture_output=True, text=True, check=False)
    assert outcome.returncode == 1
    sentence = "The environment variable ITEM_TABLE is not set: set it in the function's environment"
    assert outcome.stderr.splitlines()[-1] == f"api.settings.SettingsError: {sentence}"
