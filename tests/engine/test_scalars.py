"""The real engine reads scalars as the committed table says, and reads what the writer wrote."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.toolkit.stacks.test_yaml_documents import MISREAD, SCALARS, in_a_stack_file
from toolkit.stacks.yaml_documents import write_yaml

STATE = "file://state"


@pytest.fixture
def folder(cli: Path, tmp_path: Path) -> Path:
    """A project p with the stack x on a file backend."""
    (tmp_path / "state").mkdir()
    (tmp_path / "Pulumi.yaml").write_text("name: p\nruntime: yaml\n")
    ask(cli, tmp_path, "stack", "init", "x")
    return tmp_path


def ask(cli: Path, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run the CLI on the file backend of the folder."""
    own = {"PULUMI_BACKEND_URL": STATE, "PULUMI_CONFIG_PASSPHRASE": "x", "PULUMI_SKIP_UPDATE_CHECK": "true"}
    own |= {"HOME": str(folder), "PULUMI_HOME": str(folder / "home")}
    return subprocess.run(
        [str(cli), *command, "--non-interactive"], cwd=folder, env=os.environ | own, capture_output=True, text=True
    )


def read_by_the_engine(cli: Path, folder: Path, stack_file: str) -> Any:
    """Return p:a as the program gets it; None where the engine refuses the file."""
    (folder / "Pulumi.x.yaml").write_text(stack_file)
    done = ask(cli, folder, "config", "--json", "--stack", "x")
    if done.returncode != 0:
        return None
    return json.loads(json.loads(done.stdout)["p:a"]["value"])


def test_the_engine_reads_each_scalar_as_the_table_says(cli: Path, folder: Path) -> None:
    read = [scalar for scalar in SCALARS if "refused" not in scalar]
    together = "config:\n  p:a:\n" + "".join(
        f"    k{number}: " + scalar["written"].replace("\n    ", "\n      ") + "\n"
        for number, scalar in enumerate(read)
    )
    found = read_by_the_engine(cli, folder, together)
    assert [found[f"k{number}"] for number in range(len(read))] == [scalar["value"] for scalar in read]


@pytest.mark.parametrize("written", [scalar["written"] for scalar in SCALARS if "refused" in scalar][::4])
def test_the_engine_refuses_what_the_table_says(cli: Path, folder: Path, written: str) -> None:
    assert read_by_the_engine(cli, folder, in_a_stack_file(written)) is None


def test_the_engine_reads_back_what_the_writer_wrote(cli: Path, folder: Path) -> None:
    document = {
        "texts": list(MISREAD),
        "keys": {key: 1 for key in MISREAD if key != "<<"},
        "numbers": [1, 1.5, 2**53],
    }
    assert read_by_the_engine(cli, folder, write_yaml({"config": {"p:a": document}})) == document
