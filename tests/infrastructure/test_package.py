"""The program uses the package that was built for its stack, and no other."""

import base64
import hashlib
import json
import platform
import shutil
import sys
from pathlib import Path

import pytest

from toolkit.stacks import EvaluationError, Resource, evaluate

SHA256 = hashlib.sha256(b"PK").hexdigest()


@pytest.fixture
def checkout(tmp_path: Path, root: Path) -> Path:
    """The program and its stacks without any package."""
    shutil.copytree(root / "infrastructure", tmp_path / "infrastructure", ignore=shutil.ignore_patterns("__pycache__"))
    for file in root.glob("Pulumi*.yaml"):
        shutil.copy(file, tmp_path)
    return tmp_path


def built(checkout: Path, **changes: object) -> Path:
    folder = checkout / "build/prod"
    folder.mkdir(parents=True)
    (folder / "function.zip").write_bytes(b"PK")
    manifest = {
        "path": "build/prod/function.zip",
        "sha256": SHA256,
        "runtime": "python3.13",
        "architecture": "arm64",
        **changes,
    }
    (folder / "package.json").write_text(json.dumps(manifest))
    return checkout


def function(checkout: Path, stack: str = "prod") -> Resource:
    return evaluate(stack, root=checkout).of_type("aws:lambda/function:Function")[0]


def test_built_package_is_code_of_function(checkout: Path) -> None:
    inputs = function(built(checkout)).inputs

    assert inputs["code"].path == str(checkout / "build/prod/function.zip")
    assert base64.b64decode(inputs["sourceCodeHash"]).hex() == SHA256
    assert inputs["environment"]["variables"]["SERVICE_VERSION"] == SHA256[:12]


def test_runtime_host_is_this_interpreter_and_cpu(checkout: Path) -> None:
    inputs = function(checkout, "local").inputs

    assert inputs["runtime"] == f"python{sys.version_info.major}.{sys.version_info.minor}"
    assert inputs["architectures"] == [{"aarch64": "arm64"}.get(platform.machine(), platform.machine())]


def test_preview_without_package_warns(checkout: Path, caplog: pytest.LogCaptureFixture) -> None:
    inputs = function(checkout).inputs

    assert inputs["code"].assets == {}
    assert "sourceCodeHash" not in inputs
    assert "./stack package prod" in caplog.text


def test_update_without_package_is_rejected(checkout: Path) -> None:
    with pytest.raises(
        EvaluationError,
        match=r"^build/prod/package\.json is missing; build the package first: \./stack package prod$",
    ):
        evaluate("prod", root=checkout, dry_run=False)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"architecture": "x86_64"},
            "The package was built for python3.13 on x86_64, not python3.13 on arm64; build it",
        ),
        ({"runtime": "python3.12"}, "The package was built for python3.12 on arm64, not python3.13 on arm64; build it"),
        ({"path": "build/prod/gone.zip"}, "The package build/prod/gone.zip does not exist; build it again"),
        (
            {"sha256": "ab" * 32},
            "The package build/prod/function.zip differs from its record; build it",
        ),
        ({"sha256": "xyz"}, "build/prod/package.json cannot be used"),
        ({"path": None}, "build/prod/package.json cannot be used"),
    ],
)
def test_package_that_differs_from_manifest_is_rejected(
    checkout: Path, changes: dict[str, object], sentence: str
) -> None:
    with pytest.raises(EvaluationError) as caught:
        function(built(checkout, **changes))
    assert str(caught.value).startswith(sentence)
    assert "./stack package prod" in str(caught.value)


def test_manifest_that_is_not_json_is_rejected(checkout: Path) -> None:
    (built(checkout) / "build/prod/package.json").write_text("{")

    with pytest.raises(EvaluationError, match=r"^build/prod/package\.json cannot be used .*\./stack package prod$"):
        function(checkout)
