"""Find a CPython of the function's minor version and compile with it: bytecode is valid for one minor version."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from toolkit.package import PackageError
from toolkit.package.target import BuildTarget
from toolkit.package.wheels import find_uv

PROBE = (
    "import importlib.util as util, json, platform;"
    "print(json.dumps([platform.python_implementation(), platform.python_version(), util.MAGIC_NUMBER.hex()]))"
)
SCRIPT = Path(__file__).with_name("compile_tree.py")
ENVIRONMENT = {
    # Without the columns of every instruction, which only draw the ^^^^ below a traceback's line, files load sooner.
    "PYTHONNODEBUGRANGES": "1",
    "PYTHONUTF8": "1",
}
"""The environment of the compiler. PYTHONOPTIMIZE of the caller is left out: Lambda does not load .opt-1.pyc."""


@dataclass(frozen=True)
class Interpreter:
    """A CPython that runs: where it is, its full version, and the magic number of its bytecode."""

    path: Path
    version: str
    magic: bytes

    def __str__(self) -> str:
        return f"CPython {self.version}"


def find_interpreter(target: BuildTarget) -> Interpreter:
    """Return the first CPython of the target's minor version that runs. Raises PackageError without one."""
    found = _probe(Path(sys.executable)) if target.is_host else find_cpython(target.minor)
    if found and found.version.startswith(f"{target.minor}."):
        return found
    raise PackageError(
        f"No CPython {target.minor} was found on PATH, among uv's or pyenv's to compile the package's bytecode: "
        f"get one with `uv python install {target.minor}`, or build without bytecode with BYTECODE=no."
    )


def find_cpython(minor: str) -> Interpreter | None:
    """The first CPython of this minor version that runs: on PATH, then uv's, then pyenv's newest."""
    probed = (_probe(path) for path in _candidates(minor))
    return next((found for found in probed if found and found.version.startswith(f"{minor}.")), None)


def _candidates(minor: str) -> Iterator[Path]:
    name = f"python{minor}"
    for folder in os.get_exec_path():
        if (path := Path(folder) / name).is_file():
            yield path
    if managed := _managed_by_uv(minor):
        yield managed
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted((pyenv / "versions").glob(f"{minor}.*/bin/{name}"), key=_patch, reverse=True)


def _patch(path: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in path.parts[-3].split(".") if part.isdigit())


def _managed_by_uv(minor: str) -> Path | None:
    command = [*find_uv(), "python", "find", "--managed-python", "--no-python-downloads", "--no-project", minor]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- our own words
    return Path(answer.stdout.strip()) if answer.returncode == 0 else None


def _probe(path: Path) -> Interpreter | None:
    """Return the interpreter; None if it does not run, such as pyenv's shims of other versions."""
    if shutil.which(path) is None:
        return None
    try:
        answer = subprocess.run([path, "-I", "-c", PROBE], capture_output=True, text=True, check=True, timeout=30)  # noqa: S603 -- a Python by name
        implementation, version, magic = json.loads(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return Interpreter(path, version, bytes.fromhex(magic)) if implementation == "CPython" else None


def compile_tree(folder: Path, interpreter: Interpreter) -> None:
    """Write a `__pycache__` beside every source; a source that does not compile is a PackageError that names it."""
    command = [str(interpreter.path), "-s", "-P", str(SCRIPT), str(folder.resolve())]
    answer = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)  # noqa: S603 -- our own script
    if answer.returncode != 0:
        raise PackageError(_reason(answer.stdout + answer.stderr, folder))


def _reason(output: str, folder: Path) -> str:
    """Return one sentence from what `compileall` printed."""
    lines = [line.strip().removeprefix("*** ") for line in output.splitlines() if line.strip()]
    where = next((line for line in lines if line.startswith(("Error compiling", "File "))), "")
    what = next((line for line in reversed(lines) if "Error:" in line), lines[-1] if lines else "no reason given")
    place = (
        where.replace(f"{folder.resolve()}/", "").replace("Error compiling ", "").replace("File ", "").strip(".' \"")
    )
    return f"{place} does not compile: {what.removeprefix('Sorry: ')}"
