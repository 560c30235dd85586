"""Arguments that several commands take, each validated before the command begins."""

from pathlib import Path
from typing import Annotated, Any

import typer

from toolkit.projects import split_name
from toolkit.stacks import StackFileError
from toolkit.stacks.stack_files import stack_name

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
_caller = [Path()]


def command_group(summary: str | None = None, **options: Any) -> typer.Typer:
    """Return a Typer application without markup, completion of its own and formatted tracebacks."""
    options |= {"rich_markup_mode": None, "add_completion": False, "pretty_exceptions_enable": False}
    return typer.Typer(help=summary, **options)


def take_paths_from(folder: Path) -> None:
    """Let relative paths among the arguments be relative to this folder, which is that of the caller."""
    _caller[0] = folder


def given_path(text: str | Path) -> Path:
    """Return the path that a caller named; a default, which is a Path, is relative to the root."""
    if isinstance(text, Path):
        return text
    path = _caller[0] / text
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def path_option(words: str, *names: str, metavar: str = "PATH") -> Any:
    """Return an option that takes a path relative to the folder of the caller."""
    return typer.Option(*names, help=words, metavar=metavar, parser=given_path)


OutputsFile = Annotated[
    Path | None, path_option("A file with the stack's outputs, instead of its state.", metavar="FILE")
]


def stack_argument(words: str) -> Any:
    """Return the argument STACK, which takes only the name of a stack of the service."""
    return typer.Argument(help=words, metavar="STACK", parser=_stack)


def any_stack_argument(words: str) -> Any:
    """Return the argument STACK, which also takes a stack of another project, such as bootstrap/dev."""
    return typer.Argument(help=words, metavar="STACK", parser=_any_stack)


def _stack(text: str) -> str:
    try:
        return stack_name(text)
    except StackFileError as error:
        raise typer.BadParameter(str(error).removesuffix(".")) from None


def _any_stack(text: str) -> str:
    try:
        project, name = split_name(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    return f"{project}/{_stack(name)}" if project else _stack(name)
