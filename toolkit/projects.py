"""The Pulumi projects of the checkout: the service, and the program that prepares its accounts."""

from collections.abc import Iterator
from pathlib import Path

from toolkit.stacks.stack_files import stack_files

PROJECTS = {"": Path(), "bootstrap": Path("infrastructure", "bootstrap")}
"""The folder of each project, by the part before the slash in bootstrap/STACK."""


def split_name(stack: str) -> tuple[str, str]:
    """Return the project and the name of a stack. Raises ValueError for a project that is not there."""
    project, _, name = stack.rpartition("/")
    if project not in PROJECTS:
        raise ValueError(f"there is no project {project!r}: write STACK or bootstrap/STACK")
    return project, name


def place_of(stack: str, root: Path) -> tuple[str, Path]:
    """Return the name of a stack within its project, and the folder of that project."""
    project, name = split_name(stack)
    return name, root / PROJECTS[project]


def stack_names(root: Path) -> Iterator[str]:
    """Yield the stacks of every project, those of other projects than the service as PROJECT/STACK."""
    for project, folder in PROJECTS.items():
        yield from (f"{project}/{name}" if project else name for name in _names_in(root / folder))


def service_stacks(root: Path) -> list[str]:
    """Return the stacks of the service."""
    return _names_in(root)


def file_of(stack: str) -> str:
    """Return the name of a stack's file."""
    return f"Pulumi.{stack}.yaml"


def _names_in(folder: Path) -> list[str]:
    return list(stack_files(folder))
