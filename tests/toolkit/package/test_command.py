import json
from pathlib import Path

import pytest

from tests.support.command_line import run_command
from tests.support.graphs import graph, resource
from tests.support.packages import checkout, unpack, write
from toolkit.package import command
from toolkit.package.build import BuildRequest, Package, build
from toolkit.package.layer import Report
from toolkit.resource_types.iam import ROLE_POLICY


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout that is packaged from made-up wheels, with the stack local on this machine."""

    def build_offline(request: BuildRequest, report: Report) -> Package:
        return build(request, report, unpack)

    monkeypatch.setattr(command, "build", build_offline)
    monkeypatch.chdir(checkout(tmp_path))
    write(tmp_path, {"Pulumi.yaml": "name: items-api\nruntime: python\n", "Pulumi.local.yaml": stack("host", "host")})
    return tmp_path


def stack(runtime: str, architecture: str) -> str:
    function = f"{{runtime: {runtime}, architecture: {architecture}}}"
    return f"config:\n  aws:region: eu-central-1\n  items-api:settings:\n    function: {function}\n"


def run(*words: str) -> tuple[int, str, str]:
    result = run_command("package", *words)
    return result.exit_code, result.stdout, result.stderr


def test_build_prints_one_line(folder: Path) -> None:
    code, out, err = run("local")
    assert (code, err.strip()) == (0, "")
    assert out.startswith("build/local/function.zip: built in ")
    assert len(out.splitlines()) == 1
    assert run("local")[1].startswith("build/local/function.zip: unchanged, ")


def test_new_package_of_a_stack_at_aws_warns_of_calls_that_no_role_allows(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = {"Statement": {"Effect": "Allow", "Action": "sqs:ReceiveMessage", "Resource": "*"}}
    receiving = graph(resource("grant", ROLE_POLICY, inputs={"policy": json.dumps(policy)}))
    monkeypatch.setattr("toolkit.stacks.evaluate", lambda *_, **__: receiving, raising=False)
    at_aws = stack("host", "host").replace("settings:\n", "settings:\n    environment: dev\n")
    write(folder, {"Pulumi.dev.yaml": at_aws, "api/send.py": "session.client('sqs').send_message()\n"})
    code, out, err = run("dev")
    assert (code, len(out.splitlines())) == (0, 1)
    assert err.startswith("warning: The code calls sqs:SendMessage, and no role of the stack allows it")
    assert run("dev")[2] == ""  # the package is unchanged
    write(folder, {"api/receive.py": "", "Pulumi.local.yaml": stack("host", "host")})
    assert run("local")[2] == ""


def test_package_without_bytecode_can_be_built(folder: Path) -> None:
    assert "no bytecode" in run("local", "--no-bytecode")[1]
    assert json.loads((folder / "build/local/package.json").read_text())["bytecode"] is False


@pytest.mark.parametrize(
    ("files", "stack_name", "words"),
    [
        ({}, "nowhere", "nowhere"),
        ({"Pulumi.local.yaml": "config:\n  items-api:settings: 3\n"}, "local", "has no items-api:settings: write"),
        ({"Pulumi.local.yaml": stack("python2.7", "host")}, "local", "function.runtime is 'python2.7'"),
        ({"Pulumi.local.yaml": stack("[host]", "host")}, "local", "function.runtime is "),
        ({"Pulumi.local.yaml": stack("python3.13", "{}")}, "local", "function.architecture is "),
        ({"api/broken.py": "def f(:\n"}, "local", "api/broken.py"),
        ({"build": "a file"}, "local", "The package could not be written ("),
        ({"build/local/function.zip/a": "a folder"}, "local", "The package could not be written ("),
    ],
)
def test_failed_build_prints_one_sentence(
    folder: Path, files: dict[str, str | bytes], stack_name: str, words: str
) -> None:
    write(folder, files)
    code, out, err = run(stack_name)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert words in err
    assert len(err.splitlines()) == 1
