"""Small Pulumi programs in folders of their own, and parts of ours evaluated alone."""

import textwrap
from collections.abc import Callable
from pathlib import Path

from toolkit.stacks import ResourceGraph, evaluate

PROJECT = """
name: sample
runtime: python
main: program
config:
  sample:password: {type: string, secret: true}
"""

_builds: list[Callable[[], object]] = []


def write_program(root: Path, program: str, *, stack_file: str = "config: {}", project: str = PROJECT) -> Path:
    """A project with the stack `dev`, whose program is this text; returns its root."""
    (root / "program").mkdir(parents=True, exist_ok=True)
    (root / "Pulumi.yaml").write_text(project)
    (root / "Pulumi.dev.yaml").write_text(stack_file)
    (root / "program" / "__main__.py").write_text(textwrap.dedent(program))
    return root


def registered(root: Path, build: Callable[[], object]) -> ResourceGraph:
    """What this function registers when it is the program."""
    write_program(root, "from tests.support.programs import build_last\n\nbuild_last()\n")
    _builds.append(build)
    try:
        return evaluate("dev", root=root)
    finally:
        _builds.pop()


def build_last() -> None:
    """Run the function that `registered` was given: the program cannot be handed one otherwise."""
    _builds[-1]()
