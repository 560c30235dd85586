import platform
import stat
import sys
from pathlib import Path

import pytest

from toolkit.package import PackageError, interpreter
from toolkit.package.interpreter import find_interpreter
from toolkit.package.target import BuildTarget

MINOR = f"{sys.version_info.major}.{sys.version_info.minor}"
ARM = BuildTarget(MINOR, "arm64")


def script(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with an empty PATH, no uv-managed Pythons and an empty pyenv."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setattr(interpreter, "_managed_by_uv", {MINOR: None}.get)
    return tmp_path


def test_package_for_the_host_is_compiled_by_its_interpreter() -> None:
    found = find_interpreter(BuildTarget.host())
    assert (found.path, found.version) == (Path(sys.executable), platform.python_version())


def test_failing_shim_is_skipped_for_the_newest_version_of_pyenv(machine: Path) -> None:
    script(machine / "bin" / f"python{MINOR}", "echo 'command not found' >&2; exit 127")
    pretend = "exec '{}' -c \"import json; print(json.dumps(['CPython', '{}', '00']))\""
    for patch in ("2", "10"):
        version = f"{MINOR}.{patch}"
        script(
            machine / "pyenv" / "versions" / version / "bin" / f"python{MINOR}", pretend.format(sys.executable, version)
        )
    assert find_interpreter(ARM).version == f"{MINOR}.10"


def test_python_of_another_minor_version_is_skipped(machine: Path) -> None:
    script(machine / "bin" / "python3.99", f'exec "{sys.executable}" "$@"')
    with pytest.raises(PackageError):
        find_interpreter(BuildTarget("3.99", "arm64"))


def test_missing_interpreter_is_refused_with_two_fixes(machine: Path) -> None:
    with pytest.raises(PackageError, match=r"No CPython 3\.13 .*`uv python install 3\.13`.* BYTECODE=no\.$"):
        find_interpreter(BuildTarget("3.13", "arm64"))
