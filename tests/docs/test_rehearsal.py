"""What docs/rehearsal.md names is there: commands, options, files, anchors."""

import re
from pathlib import Path

import pytest

from tests.support.command_line import run_command

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "rehearsal.md").read_text()


@pytest.mark.parametrize("command", sorted(set(re.findall(r"\./stack rehearsal ([a-z]+)", GUIDE))))
def test_a_command_is_one_of_the_rehearsals(command: str) -> None:
    assert run_command("rehearsal", command, "--help").exit_code == 0


def test_an_option_is_one_of_run() -> None:
    output = run_command("rehearsal", "run", "--help").stdout
    named = set(re.findall(r"`(--[a-z]+)", GUIDE))
    assert named
    assert named <= set(re.findall(r"--[a-z]+", output))


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:toolkit|infrastructure)/[\w./-]+)`", GUIDE))))
def test_a_file_is_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize(("file", "anchor"), sorted(set(re.findall(r"\]\((\w+\.md)#([a-z-]+)\)", GUIDE))))
def test_a_link_leads_to_a_heading(file: str, anchor: str) -> None:
    headings = re.findall(r"^##+ (.+)$", (ROOT / "docs" / file).read_text(), re.M)
    assert anchor in {heading.lower().replace(" ", "-") for heading in headings}
