"""The guide to an own service has one command of each kind, and the table of CONTRIBUTING.md names them."""

from pathlib import Path

import typer

from tests.new_service import guide
from toolkit.cli import application


def kinds() -> set[str]:
    group = typer.main.get_command(application("new"))
    return set(getattr(group, "commands", ()))


def test_guide_runs_every_kind_of_new_but_a_type() -> None:
    run = {command[2] for part in guide() for command in part.commands if command[:2] == ["./stack", "new"]}
    assert run == kinds() - {"type"}


def test_contributing_names_every_kind_of_new(root: Path) -> None:
    text = (root / "CONTRIBUTING.md").read_text()
    assert {kind for kind in kinds() if f"`./stack new {kind}" in text} == kinds()
