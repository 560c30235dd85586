"""The service with and without its cold-start patches returns the same responses."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import mangum
import pydantic_core
import pytest
from pydantic_core import core_schema

from api.cold_start.patches import PatchError, require_attributes, require_modules

END_TO_END = sorted(str(path) for path in Path(__file__).parent.glob("test_*_end_to_end.py"))
BEGIN = "from api import cold_start; cold_start.begin(); "
QUIET = ("-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")
REAL_DOCS = "import sys; [sys.modules.pop(name, 0) for name in ('botocore.docs', 'botocore.docs.docstring')]; "
"""The fixtures use boto3, which reads a name of the modules that the function leaves out."""
TEST = BEGIN + REAL_DOCS + "import pytest, sys; sys.exit(pytest.main(sys.argv[1:]))"


def start(root: Path, program: str, *arguments: str, **variables: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def end_to_end(root: Path) -> Mapping[str, "subprocess.Popen[str]"]:
    """Run the end-to-end tests with and without patches, at the same time."""
    return {switch: start(root, TEST, *QUIET, *END_TO_END, COLD_START_PATCHES=switch) for switch in ("on", "off")}


@pytest.mark.parametrize("switch", ["on", "off"])
def test_end_to_end_tests_pass_with_patches_on_and_off(
    end_to_end: Mapping[str, "subprocess.Popen[str]"], switch: str
) -> None:
    output, errors = end_to_end[switch].communicate()
    assert end_to_end[switch].returncode == 0, output + errors


@pytest.mark.parametrize(
    ("switch", "expected"), [("off", "True True True True False"), ("on", "False False False False True")]
)
def test_switch_turns_off_every_patch(root: Path, switch: str, expected: str) -> None:
    program = BEGIN + (
        "import fastapi, botocore.session, gc, importlib, sys;"
        "from pydantic_core.core_schema import CoreConfig;"
        "docs = importlib.import_module('botocore.docs');"
        "print(gc.isenabled(), 'opentelemetry' in sys.modules, hasattr(docs, 'generate_docs'),"
        " hasattr(CoreConfig, '__total__'), 'api.cold_start.patches' in sys.modules)"
    )
    output, errors = start(root, program, COLD_START_PATCHES=switch).communicate()
    assert output.strip() == expected, errors


def test_unknown_value_of_the_switch_is_an_error(root: Path) -> None:
    _, errors = start(root, BEGIN, COLD_START_PATCHES="no").communicate()
    sentence = "The environment variable COLD_START_PATCHES is 'no'; use on or off."
    assert errors.splitlines()[-1] == f"ValueError: {sentence}"


def test_missing_attribute_is_reported_with_library_and_version() -> None:
    require_attributes(pydantic_core, core_schema, "CoreConfig")
    with pytest.raises(PatchError) as error:
        require_attributes(pydantic_core, core_schema, "NoSuchConfig")
    assert str(error.value) == (
        f"pydantic_core {pydantic_core.__version__} has no pydantic_core.core_schema.NoSuchConfig, which "
        "api/cold_start uses: install the version of requirements/lambda.txt, adapt the patch, or set "
        "COLD_START_PATCHES=off."
    )


def test_missing_module_is_reported_without_being_imported() -> None:
    require_modules(mangum, "mangum.handlers", "mangum.handlers.api_gateway")
    with pytest.raises(PatchError, match=r"^mangum \S+ has no mangum.handlers.other, "):
        require_modules(mangum, "mangum.handlers.other")


def test_unknown_telemetry_import_is_reported(root: Path) -> None:
    program = (
        "from api.cold_start import fastapi_telemetry; del fastapi_telemetry.NativeTelemetry;"
        "from api.cold_start import fastapi; fastapi.import_patched()"
    )
    _, errors = start(root, program).communicate()
    assert "PatchError: fastapi " in errors.splitlines()[-1]
