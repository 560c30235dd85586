"""The software bill of materials says what is in the package, in a form that others read."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.support.command_line import run_command
from toolkit.package.bill_of_materials import bill_of_materials

RECORD = {
    "sha256": "ab" * 32,
    "runtime": "python3.13",
    "packages": [
        {"name": "fastapi", "version": "0.165.1", "licence": "MIT", "sha256": "01" * 32},
        {"name": "typing_extensions", "version": "4.16.0", "licence": "not stated", "sha256": "02" * 32},
    ],
}


def component_of(licence: str) -> dict[str, Any]:
    package = {"name": "a", "version": "1", "licence": licence, "sha256": "01" * 32}
    bill = bill_of_materials({**RECORD, "packages": [package]}, "items-api")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill)) is None
    return dict(bill["components"][-1])


def test_bill_is_valid_cyclonedx() -> None:
    text = json.dumps(bill_of_materials(RECORD, "items-api"))
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None


def test_bill_names_every_package_and_the_digest_of_the_archive() -> None:
    bill = bill_of_materials(RECORD, "items-api")
    named = [component["purl"] for component in bill["components"] if component["type"] == "library"]
    assert named == ["pkg:pypi/fastapi@0.165.1", "pkg:pypi/typing-extensions@4.16.0"]
    assert bill["metadata"]["component"]["hashes"] == [{"alg": "SHA-256", "content": "ab" * 32}]


def test_each_component_has_the_hash_of_its_wheel() -> None:
    bill = bill_of_materials(RECORD, "items-api")
    hashes = [component["hashes"] for component in bill["components"] if component["type"] == "library"]
    assert hashes == [[{"alg": "SHA-256", "content": "01" * 32}], [{"alg": "SHA-256", "content": "02" * 32}]]


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("MIT", [{"license": {"id": "MIT"}}]),
        ("BSD-3-Clause OR Apache-2.0", [{"expression": "BSD-3-Clause OR Apache-2.0"}]),
        ("(MIT)", [{"expression": "(MIT)"}]),
        ("LicenseRef-Ours", [{"expression": "LicenseRef-Ours"}]),
        ("BSD License", [{"license": {"name": "BSD License"}}]),
    ],
)
def test_licence_is_an_spdx_expression_or_a_name(licence: str, expected: list[dict[str, Any]]) -> None:
    assert component_of(licence)["licenses"] == expected


def test_component_without_a_stated_licence_has_none() -> None:
    assert "licenses" not in component_of("not stated")


def test_equal_packages_have_equal_bills() -> None:
    assert bill_of_materials(RECORD, "items-api") == bill_of_materials(dict(RECORD), "items-api")


def test_command_writes_the_bill_beside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Pulumi.yaml").write_text("name: items-api\n")
    folder = tmp_path / "build" / "dev"
    folder.mkdir(parents=True)
    (folder / "function.zip").write_bytes(b"zip")
    digest = hashlib.sha256(b"zip").hexdigest()
    (folder / "package.json").write_text(json.dumps({**RECORD, "path": "build/dev/function.zip", "sha256": digest}))

    ended = run_command("sbom", "dev")

    assert (ended.exit_code, ended.output) == (0, "build/dev/sbom.json: 2 packages\n")
    written = json.loads((folder / "sbom.json").read_text())
    assert written["metadata"]["component"]["version"] == digest[:12]


@pytest.mark.parametrize("record", ["", "[]", '{"packages": [{"name": "a"}]}'])
def test_incomplete_package_has_no_bill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Pulumi.yaml").write_text("name: items-api\n")
    folder = tmp_path / "build" / "dev"
    folder.mkdir(parents=True)
    (folder / "function.zip").write_bytes(b"zip")
    whole = {"path": "build/dev/function.zip", "sha256": hashlib.sha256(b"zip").hexdigest()}
    text = json.dumps({**whole, **json.loads(record)}) if record.startswith("{") else record
    (folder / "package.json").write_text(text)
    ended = run_command("sbom", "dev")
    assert ended.exit_code == 2
    assert ended.output == "error: build/dev has no whole package; build it first: ./stack package dev\n"
