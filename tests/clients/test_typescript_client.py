"""The types that openapi-typescript generates from the OpenAPI document, and openapi-fetch, which uses them."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.clients.conftest import INSTALLED, run
from tests.support.local_stack import ROOT

SOURCES = ROOT / "tests" / "clients" / "typescript"
FLOW = SOURCES / "flow.ts"


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the compiled flow; a type error of the flow or of what is generated is a failure."""
    folder = tmp_path_factory.mktemp("compiled")
    programs = INSTALLED / "typescript" / "node_modules"
    (folder / "node_modules").symlink_to(programs)
    for source in (SOURCES / "package.json", SOURCES / "tsconfig.json", *SOURCES.glob("*.ts")):
        shutil.copy(source, folder)
    document, types = ROOT / "docs" / "openapi.json", folder / "schema.d.ts"
    # A field with a default may be absent from a request.
    run(programs / ".bin" / "openapi-typescript", document, "--default-non-nullable", "false", "--output", types)
    run(programs / ".bin" / "tsc", "--project", folder)
    return folder


def test_generated_types_and_flow_compile(compiled: Path) -> None:
    assert (compiled / "schema.d.ts").exists()


@pytest.mark.skipif(not FLOW.exists(), reason="the service has no flow.ts")
def test_flow_succeeds_on_local_stack(compiled: Path, flow_environment: Mapping[str, str]) -> None:
    run("node", compiled / "compiled" / "flow.js", environment=flow_environment)


def test_locked_package_has_hash_and_no_registry() -> None:
    packages = json.loads((SOURCES / "package-lock.json").read_text())["packages"]
    locked = {name: package for name, package in packages.items() if name}
    assert locked
    assert [name for name, each in locked.items() if "integrity" not in each or "resolved" in each] == []
