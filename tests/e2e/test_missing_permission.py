"""What breaks on AWS breaks here: the program without one permission comes up, and the call that needs it fails."""

import shutil
from collections.abc import Iterator

import pytest

from tests.support.local_stack import ROOT, LocalStackProcess, copy_checkout

PERMISSION = '"dynamodb:PutItem", '


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStackProcess]:
    checkout = copy_checkout(tmp_path_factory.mktemp("checkout"))
    shutil.copytree(ROOT / "build/local", checkout / "build/local")
    definition = checkout / "api/definition.py"
    assert PERMISSION in definition.read_text()
    definition.write_text(definition.read_text().replace(PERMISSION, ""))
    process = LocalStackProcess(tmp_path_factory.mktemp("local"), root=checkout, build="true")
    yield process.wait_until_ready()
    process.stop()


def test_call_without_its_permission_fails_as_on_aws(stack: LocalStackProcess) -> None:
    with stack.client(stack.token()) as demo:
        assert demo.get("/api/v1/items").status_code == 200
        refused = demo.post("/api/v1/items", json={"name": "Hammer"})
    assert refused.status_code == 500
    assert refused.headers["content-type"] == "application/problem+json"
    assert "dynamodb" not in refused.text


def test_log_names_missing_action(stack: LocalStackProcess) -> None:
    with stack.client(stack.token()) as demo:
        demo.post("/api/v1/items", json={"name": "Hammer"})
    assert "AccessDenied" in stack.log("function")
    assert "dynamodb:PutItem" in stack.log("function")
