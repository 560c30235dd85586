"""The package as it is shipped, for this machine: real wheels, real trimming, the real service."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from packaging.licenses import canonicalize_license_expression

from api.settings import resource_variables
from toolkit.package.build import BuildRequest, build
from toolkit.package.target import BuildTarget

ENVIRONMENT = {
    "ENVIRONMENT": "local",
    "SERVICE_VERSION": "0123456789ab",
    **{name: name.lower() for name in resource_variables()},
    "RATE_LIMIT_PER_MINUTE": "60",
    "SIGN_IN_URL": "http://127.0.0.1:8000/_local/sign-in",
    "WEB_CLIENT_ID": "web",
    "AWS_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
}
PROGRAM = """
import json, sys
from api.lambda_handler import handler
print(json.dumps(handler(json.load(sys.stdin), None)))
"""


@pytest.fixture(scope="module")
def package(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with this one's sources, its package built; the dependencies come from this one's cache."""
    copy = tmp_path_factory.mktemp("checkout")
    shutil.copytree(root / "api", copy / "api", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(root / "requirements", copy / "requirements")
    (root / "build" / "cache").mkdir(parents=True, exist_ok=True)
    (copy / "build").mkdir()
    (copy / "build" / "cache").symlink_to(root / "build" / "cache")
    steps: list[str] = []
    record: dict[str, Any] = build(BuildRequest(copy, "local", BuildTarget.host()), steps.append).record
    assert record["sizes"]["zipped"] <= 9_500_000
    ZipFile(copy / record["path"]).extractall(copy / "task")
    return copy / "task"


def run(task: Path, program: str, words: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(task)!r})\n{program}"]
    return subprocess.run(command, env=ENVIRONMENT, input=words, capture_output=True, text=True)


def test_shipped_handler_answers(package: Path) -> None:
    event = """{"version": "2.0", "routeKey": "GET /health",
        "rawPath": "/health", "rawQueryString": "", "headers": {},
        "requestContext": {"stage": "$default", "requestId": "1", "domainName": "localhost",
        "http": {"method": "GET", "path": "/health", "protocol": "HTTP/1.1",
        "sourceIp": "127.0.0.1", "userAgent": "t"}},
        "isBase64Encoded": false}"""
    answer = run(package, PROGRAM, event)
    assert '"statusCode": 200' in answer.stdout, answer.stderr


def test_every_client_of_the_service_can_be_created_from_the_package(package: Path) -> None:
    program = (
        "from api.aws import AwsClients; c = AwsClients('eu-central-1'); c.dynamodb; c.s3; c._client('secretsmanager')"
    )
    answer = run(package, f"{program}\nprint('made')")
    assert answer.stdout == "made\n", answer.stderr


def test_development_dependencies_are_not_shipped(package: Path) -> None:
    names = {path.relative_to(package).as_posix() for path in package.rglob("*")}
    assert not {name for name in names if name.endswith((".pyi", "py.typed"))}
    assert not names & {"pydantic/v1", "bin", "botocore/data/ec2", "pytest", "uvicorn"}
    assert (package / "botocore" / "data" / "dynamodb").is_dir()


def test_every_shipped_module_is_imported_from_the_package(package: Path) -> None:
    program = "import sys, sysconfig; import api.lambda_handler\n"
    program += "own = (sysconfig.get_path('stdlib'), sysconfig.get_path('platstdlib'), sys.path[0])\n"
    program += "files = [getattr(module, '__file__', None) for module in sys.modules.values()]\n"
    program += "print([file for file in files if file and not file.startswith(own)])"
    assert run(package, program).stdout.splitlines()[-1] == "[]"


def test_every_shipped_distribution_has_its_licence_text(package: Path) -> None:
    record = json.loads((package.parent / "build/local/package.json").read_text())
    named = {f"{entry['name'].replace('-', '_')}-{entry['version']}".lower() for entry in record["packages"]}
    assert {
        folder.name.replace("-", "_", folder.name.count("-") - 1).lower() for folder in (package / "licenses").iterdir()
    } == named


def test_every_shipped_distribution_has_an_spdx_licence_and_its_wheels_hash(package: Path, root: Path) -> None:
    record = json.loads((package.parent / "build/local/package.json").read_text())
    locked = (root / "requirements/lambda.txt").read_text()
    for entry in record["packages"]:
        assert canonicalize_license_expression(entry["licence"]) == entry["licence"]
        assert f"--hash=sha256:{entry['sha256']}" in locked
