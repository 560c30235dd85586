"""The Pulumi program in a folder of its own, with a small package, so that a test may change it."""

import hashlib
import io
import json
import shutil
import zipfile
from pathlib import Path

import yaml

from toolkit.stacks import evaluate

ROOT = Path(__file__).parents[2]
STACKS = {"local": "123456789012", "dev": "111111111111", "staging": "222222222222", "prod": "333333333333"}


def copy_program(folder: Path, stack: str) -> bytes:
    """A copy of the program with a small package for one stack, and that package's zip.

    A stack that has no file is a pull request's.
    """
    ignored = shutil.ignore_patterns("__pycache__", "bootstrap")
    shutil.copytree(ROOT / "infrastructure", folder / "infrastructure", ignore=ignored)
    for file in (*ROOT.glob("Pulumi*.yaml"), ROOT / ".pulumi.version"):
        shutil.copy(file, folder)
    own = folder / f"Pulumi.{stack}.yaml"
    if not own.exists():
        document = yaml.safe_load((folder / "Pulumi.dev.yaml").read_text())
        document["config"]["items-api:settings"] |= {"environment": "review", "expires-on": "2027-01-31"}
        own.write_text(yaml.safe_dump(document))
    return write_package(folder, stack, "def handler(event, context): ...")


def write_package(folder: Path, stack: str, code: str) -> bytes:
    """A small package of a stack, and its zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as bundle:
        bundle.writestr(zipfile.ZipInfo("api/lambda_handler.py"), code)
    shutil.rmtree(folder / "build", ignore_errors=True)
    function = next(iter(evaluate(stack, root=folder).of_type("aws:lambda/function:Function"))).inputs
    manifest = {
        "path": f"build/{stack}/function.zip",
        "sha256": hashlib.sha256(buffer.getvalue()).hexdigest(),
        "runtime": function["runtime"],
        "architecture": function["architectures"][0],
    }
    build = folder / "build" / stack
    build.mkdir(parents=True)
    (build / "function.zip").write_bytes(buffer.getvalue())
    (build / "package.json").write_text(json.dumps(manifest))
    return buffer.getvalue()
