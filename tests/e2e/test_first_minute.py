"""The commands of the README's first minute do what their comments promise."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from api.definition import TABLES
from tests.support.local_stack import ROOT, LocalStackProcess


def commands(stack: LocalStackProcess, tmp_path: Path) -> str:
    """Return the README's commands for this stack; `./stack` and `aws` are short programs in their place."""
    found = re.search(r"In another terminal:\n```bash\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    assert found is not None
    local = f"{shlex.quote(sys.executable)} {shlex.quote(str(ROOT / 'toolkit'))}"
    listing = "import boto3; print(boto3.client('dynamodb').list_tables()['TableNames'])"
    aws = f'#!/bin/bash\n[ "$*" = "dynamodb list-tables" ] && exec {shlex.quote(sys.executable)} -c "{listing}"\n'
    for name, text in {
        "stack": f'#!/bin/bash\nexec {local} "$@" --folder {shlex.quote(str(stack.folder))}\n',
        "aws": aws,
    }.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    start = f"set -eu; cd {shlex.quote(str(tmp_path))}; PATH=.:$PATH\n"
    return start + found[1].replace("http://127.0.0.1:8000", stack.url)


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> str:
    stack = LocalStackProcess(tmp_path_factory.mktemp("local"))
    stack.wait_until_ready()
    try:
        script = commands(stack, tmp_path_factory.mktemp("bin"))
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60)
    finally:
        stack.stop()
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_each_readme_command_returns_the_status_in_its_comment(output: str) -> None:
    readme = (ROOT / "README.md").read_text()
    promised = re.findall(r"^curl -si .*# (\d{3})", readme, re.M)
    assert re.findall(r"HTTP/1\.1 (\d{3})", output) == promised
    assert len(promised) == len(re.findall(r"^curl -si", readme, re.M)) > 0


def test_tools_of_aws_find_tables_of_local_stack(output: str) -> None:
    assert set(re.findall(r"'[\w-]+-local-([\w-]+)-table-\w+'", output)) == {table.name for table in TABLES}
