"""Another service, with another name and other features, runs on the same toolkit unchanged."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.command_line import ROOT
from tests.support.local_stack import LocalStackProcess

SERVICE = Path(__file__).with_name("second_service")
_WAIT_SECONDS = 60


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of the second service: its own files, the toolkit and the locked requirements."""
    root = tmp_path_factory.mktemp("readings") / "checkout"
    unused = shutil.ignore_patterns("__pycache__")
    shutil.copytree(SERVICE, root, ignore=unused)
    for shared in ("toolkit", "requirements"):
        shutil.copytree(ROOT / shared, root / shared, ignore=unused)
    return root


def command(checkout: Path, *arguments: str) -> list[str]:
    return [sys.executable, str(checkout / "toolkit"), *arguments]


def run(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(checkout, *arguments), cwd=checkout, capture_output=True, text=True, check=False)


def report(checkout: Path, *arguments: str) -> Any:
    """Run a command that succeeds, and return its JSON."""
    done = run(checkout, *arguments, "--json")
    assert done.returncode == 0, done.stderr or done.stdout
    return json.loads(done.stdout)


def test_preview_shows_its_queue_and_its_three_functions(checkout: Path) -> None:
    resources = report(checkout, "preview", "dev")["resources"]

    functions = [each["name"] for each in resources if each["type"] == "aws:lambda/function:Function"]
    assert sorted(functions) == ["api-function", "report-function", "worker-function"]
    assert "readings-queue" in {each["name"] for each in resources}


def test_policies_are_those_of_its_own_pack(checkout: Path) -> None:
    (verdict,) = report(checkout, "policies", "dev")

    assert verdict["verdict"] == "passed"
    program = checkout / "infrastructure" / "__main__.py"
    text = program.read_text()
    try:
        program.write_text(text.replace("timeout=timeout,", "timeout=60,"))
        done = run(checkout, "policies", "dev")
    finally:
        program.write_text(text)
    assert (done.returncode, "function-timeout" in done.stdout) == (1, True)


def test_cost_counts_its_queue_and_its_schedule(checkout: Path) -> None:
    lines = {line["name"] for line in report(checkout, "cost", "dev")["lines"]}

    assert {"readings-queue", "report-function", "worker-function"} <= lines


@pytest.fixture(scope="module")
def stack(checkout: Path) -> Iterator[LocalStackProcess]:
    """Its local stack, with the package that it builds."""
    process = LocalStackProcess(checkout.parent / "local", root=checkout)
    try:
        yield process.wait_until_ready()
    finally:
        process.stop()


def test_message_goes_through_queue_and_worker_into_table(stack: LocalStackProcess) -> None:
    with httpx.Client(base_url=stack.url, trust_env=False) as client:
        assert client.get("/sensors/roof").status_code == 404

        assert client.post("/sensors/roof", json={"value": 21.5}).status_code == 202

        deadline = time.monotonic() + _WAIT_SECONDS
        while (answer := client.get("/sensors/roof")).status_code == 404 and time.monotonic() < deadline:
            time.sleep(0.2)
    assert answer.json() == {"sensor": "roof", "value": 21.5}


def test_token_is_refused_in_one_sentence_where_there_is_no_user_pool(checkout: Path, stack: LocalStackProcess) -> None:
    done = run(checkout, "token", "--folder", str(stack.folder))

    sentence = "error: The stack has no output user_pool_id, so its API takes no tokens.\n"
    assert (done.returncode, done.stderr) == (2, sentence)
