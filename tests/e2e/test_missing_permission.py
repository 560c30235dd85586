"""What breaks on AWS breaks here: the program without one permission comes up, and the call that needs it fails."""

import shutil
from collections.abc import Iterator

import pytest

from tests.support.local_stack import ROOT, LocalStackProcess

CODE = ("api", "infrastructure", "localcloud", "stackgraph", "policies", "requirements", "build/local")
PERMISSION = '"PutItem", '


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStackProcess]:
    checkout = tmp_path_factory.mktemp("checkout")
    for name in CODE:
        if (ROOT / name).exists():
            shutil.copytree(ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ROOT.glob("Pulumi*.yaml"):
        shutil.copy(file, checkout)
    role = checkout / "infrastructure/components/function_role.py"
    assert PERMISSION in role.read_text()
    role.write_text(role.read_text().replace(PERMISSION, ""))
    process = LocalStackProcess(tmp_path_factory.mktemp("local"), root=checkout, build="true")
    yield process.wait_until_ready()
    process.stop()


def test_a_call_without_its_permission_fails_as_on_aws(stack: LocalStackProcess) -> None:
    with stack.client(stack.token()) as demo:
        assert demo.get("/api/v1/items").status_code == 200
        refused = demo.post("/api/v1/items", json={"name": "Hammer"})
    assert refused.status_code == 500
    assert refused.headers["content-type"] == "application/problem+json"
    assert "dynamodb" not in refused.text


def test_the_log_names_the_missing_action(stack: LocalStackProcess) -> None:
    with stack.client(stack.token()) as demo:
        demo.post("/api/v1/items", json={"name": "Hammer"})
    assert "AccessDenied" in stack.log("function")
    assert "dynamodb:PutItem" in stack.log("function")
