"""Deploy the package of the serving version again, downloaded from Lambda."""

import base64
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import httpx

from toolkit.engine.process import Report
from toolkit.pipeline.deploy.apply import DeployRequest, apply_plan
from toolkit.pipeline.deploy.canary import MovedCallers
from toolkit.pipeline.deploy.plan import make_plan
from toolkit.pipeline.deploy.promotion import record_deployed, record_smoke_test
from toolkit.pipeline.deploy.released_stack import ReleasedStack, move_callers
from toolkit.pipeline.smoke.run import smoke
from toolkit.pipeline.smoke.target import SmokeTarget
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.files import output_file
from toolkit.stacks.settings import StackFile


def redeploy(file: StackFile, root: Path, released: ReleasedStack, version: str, report: Report) -> MovedCallers:
    """Run the smoke test, take the package from Lambda, and plan and deploy it; the program is that of `root`.

    Raises RefusedError, after which callers still have `version`.
    """
    stack, expected = file.stack, released.alias.version_text(version)
    target = SmokeTarget.of(stack, released.outputs, file.settings, version=expected)
    report(f"Running the smoke test of version {version} before it is deployed again")
    if failure := smoke(target).failure:
        raise RefusedError(f"Version {version} also fails the smoke test at {failure.name}: {failure.detail}")
    digest = fetch_package(stack, root, released, version)
    record_deployed(root, digest, stack)
    record_smoke_test(root, digest, stack)
    make_plan(file, root, (), report)
    result = apply_plan(DeployRequest(file, root / "build" / "plan" / stack), root, report)
    return move_callers(file, root, result["outputs"], version, report)


def fetch_package(stack: str, root: Path, released: ReleasedStack, version: str) -> str:
    """Write the zip of a published version as the stack's package and return its SHA-256. Raises RefusedError."""
    function = released.alias.code_of(version)
    digest, content = base64.b64decode(function["Configuration"]["CodeSha256"]).hex(), _download(function, version)
    if hashlib.sha256(content).hexdigest() != digest:
        raise RefusedError(f"The zip of version {version} is not the one that Lambda runs: fetch it once more.")
    folder = output_file(root, stack)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "function.zip").write_bytes(content)
    configuration = function["Configuration"]
    record = {
        "path": f"build/{stack}/function.zip",
        "sha256": digest,
        "runtime": configuration["Runtime"],
        "architecture": configuration["Architectures"][0],
    }
    (folder / "package.json").write_text(json.dumps(record, indent=2) + "\n")
    return digest


def _download(function: dict[str, Any], version: str) -> bytes:
    url = httpx.URL(function["Code"]["Location"])  # a presigned URL: everyone who has it can read the zip
    try:
        answer = httpx.get(url, timeout=60, trust_env=url.host != "127.0.0.1")
    except httpx.TransportError as error:
        raise RefusedError(f"The zip of version {version} cannot be fetched from {url.host}: {error}") from None
    if answer.status_code != httpx.codes.OK:
        raise RefusedError(f"The zip of version {version} cannot be fetched: {url.host} answers {answer.status_code}.")
    return answer.content
