"""The software bill of materials says what is in the package, in a form that others read."""

import hashlib
import json
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from typer.testing import CliRunner

from pipeline.__main__ import app
from pipeline.package.bill_of_materials import bill_of_materials

RECORD = {
    "sha256": "ab" * 32,
    "runtime": "python3.13",
    "packages": [
        {"name": "fastapi", "version": "0.165.1", "licence": "MIT"},
        {"name": "typing_extensions", "version": "4.16.0", "licence": "not stated"},
    ],
}


def test_it_is_valid_cyclonedx() -> None:
    text = json.dumps(bill_of_materials(RECORD, "items-api"))
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None


def test_it_names_every_package_and_the_archive_by_its_digest() -> None:
    bill = bill_of_materials(RECORD, "items-api")
    named = [component["purl"] for component in bill["components"] if component["type"] == "library"]
    assert named == ["pkg:pypi/fastapi@0.165.1", "pkg:pypi/typing-extensions@4.16.0"]
    assert bill["metadata"]["component"]["hashes"] == [{"alg": "SHA-256", "content": "ab" * 32}]


def test_the_same_package_has_the_same_bill() -> None:
    assert bill_of_materials(RECORD, "items-api") == bill_of_materials(dict(RECORD), "items-api")


def test_the_command_writes_it_beside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "build" / "dev"
    folder.mkdir(parents=True)
    (folder / "function.zip").write_bytes(b"zip")
    digest = hashlib.sha256(b"zip").hexdigest()
    (folder / "package.json").write_text(json.dumps({**RECORD, "path": "build/dev/function.zip", "sha256": digest}))

    ended = CliRunner().invoke(app, ["sbom", "--stack", "dev"])

    assert (ended.exit_code, ended.output) == (0, "build/dev/sbom.json: 2 packages\n")
    written = json.loads((folder / "sbom.json").read_text())
    assert written["metadata"]["component"]["version"] == digest[:12]


def test_without_a_whole_package_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ended = CliRunner().invoke(app, ["sbom", "--stack", "dev"])
    assert ended.exit_code == 1
    assert ended.output == "error: build/dev has no whole package; build it first: make package STACK=dev\n"
