"""The Python client that openapi-python-client generates from the OpenAPI document."""

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.clients.conftest import INSTALLED, run
from tests.support.local_stack import ROOT

PROGRAMS = INSTALLED / "python" / "bin"
SOURCES = ROOT / "tests" / "clients" / "python"
FLOW = SOURCES / "flow.py"
PACKAGE = "items_api"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the generated package; a warning of the generator is an error."""
    folder = tmp_path_factory.mktemp("generated")
    run(
        *(PROGRAMS / "openapi-python-client", "generate", "--path", ROOT / "docs" / "openapi.json"),
        *("--config", SOURCES / "generator.yaml", "--meta", "none", "--output-path", folder / PACKAGE),
        "--fail-on-warning",
    )
    return folder


def test_generated_client_and_its_flow_have_no_type_errors(generated: Path, tmp_path: Path) -> None:
    options = ("--strict", "--config-file=", "--cache-dir", tmp_path, "--python-executable", PROGRAMS / "python")
    checked = (generated / PACKAGE, *SOURCES.glob("*.py"))
    run(sys.executable, "-m", "mypy", *options, *checked, environment={"MYPYPATH": str(generated)})


@pytest.mark.skipif(not FLOW.exists(), reason="the service has no flow.py")
def test_flow_succeeds_on_local_stack(generated: Path, flow_environment: Mapping[str, str]) -> None:
    run(PROGRAMS / "python", FLOW, environment={**flow_environment, "PYTHONPATH": str(generated)})
