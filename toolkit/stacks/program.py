"""Finds and runs the program of a project as the engine and its host of Python programs do.

`main` in Pulumi.yaml names a folder or a file; the folder is the working directory and stands first on the path
(https://github.com/pulumi/pulumi/blob/master/sdk/python/cmd/pulumi-language-python-exec, read 2026-11-30).
"""

import os
import runpy
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pulumi

from toolkit.stacks.errors import EvaluationError, StackFileError
from toolkit.stacks.isolation import fresh_modules
from toolkit.stacks.marks import PLACEHOLDER, UNKNOWN
from toolkit.stacks.stack_files import Project

_MAIN = "__main__.py"


@dataclass(frozen=True)
class Program:
    """The file that is run, and the folder that it is run in."""

    root: Path
    file: Path

    @property
    def shown(self) -> str:
        """Return the file as messages name it."""
        return os.path.relpath(self.file, self.root)

    @property
    def folder(self) -> Path:
        """Return the working directory."""
        return self.file.parent

    @contextmanager
    def placed(self) -> Iterator[None]:
        """Make the program's folder the working directory and first on the path, and its modules its own."""
        path, arguments, folder = list(sys.path), list(sys.argv), Path.cwd()
        with fresh_modules(self.root, self.folder):
            sys.path.insert(0, str(self.folder))
            sys.argv = [str(self.file)]
            os.chdir(self.folder)
            try:
                yield
            finally:
                os.chdir(folder)
                sys.path[:], sys.argv = path, arguments

    def run(self) -> None:
        """Run it to the end of its file; `sys.exit()` ends it well, as in the engine."""
        try:
            runpy.run_path(str(self.file), run_name="__main__")
        except SystemExit as end:
            if end.code not in (None, 0):
                raise

    def error_of(self, error: BaseException, stack: str) -> EvaluationError:
        """Return in one sentence what ended the program, and where."""
        words = " ".join(str(error).split()).replace(PLACEHOLDER, str(UNKNOWN)) or "no message"
        if isinstance(error, pulumi.RunError):  # the program's own words, which may be a list of lines
            return EvaluationError(words if isinstance(error, pulumi.ConfigMissingError) else str(error))
        if isinstance(error, ModuleNotFoundError) and error.name:
            package = error.name.partition(".")[0]
            return EvaluationError(
                f"The program of stack {stack} imports {error.name}{self._where(error)}, which is not installed; "
                f"install the package of {package} for this Python."
            )
        kind = type(error).__name__
        return EvaluationError(f"The program of stack {stack} failed with {kind}: {words}{self._where(error)}.")

    def _where(self, error: BaseException) -> str:
        where = ""
        for frame in traceback.extract_tb(error.__traceback__):
            path = Path(frame.filename)
            if path.is_relative_to(self.root) and "site-packages" not in path.parts:
                where = f" ({path.relative_to(self.root)}, line {frame.lineno})"
        return where


def find_program(project: Project, root: Path) -> Program:
    """Return the program that Pulumi.yaml names. Raises StackFileError where it is missing or no Python."""
    if not project.runtime:
        raise StackFileError("Pulumi.yaml has no `runtime`; write `runtime: python`.")
    if project.runtime != "python":
        raise StackFileError(
            f"Pulumi.yaml: runtime is {project.runtime}; only programs in python can be evaluated here."
        )
    main = Path(os.path.normpath(root / project.main))
    file = main / _MAIN if main.is_dir() else main
    if not file.is_file():
        shown = os.path.relpath(file, root)
        raise StackFileError(f"Pulumi.yaml: main is {project.main}, and there is no program {shown}; correct main.")
    return Program(root, file)
