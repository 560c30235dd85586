"""Installs the hash-locked wheels for a target into a folder, through uv, without running anything of theirs."""

import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from pipeline.package.errors import PackageError
from pipeline.package.target import Target

NO_WHEEL = re.compile(r"([\w.-]+==[\w.!+]+) has no (?:usable )?wheels")


@cache
def find_uv() -> tuple[str, ...]:
    """The words that start uv: on PATH, beside this interpreter, or as its module."""
    beside = Path(sys.executable).with_name("uv")
    for command in ((shutil.which("uv"),), (str(beside),), (sys.executable, "-m", "uv")):
        words = tuple(word for word in command if word)
        if words and _runs(words):
            return words
    raise PackageError("uv was not found on PATH or in .venv: run `make setup`, which brings it.")


def _runs(words: tuple[str, ...]) -> bool:
    try:
        return subprocess.run([*words, "--version"], capture_output=True, check=False).returncode == 0  # noqa: S603 -- our own words
    except OSError:
        return False


def install(lock: Path, target: Target, folder: Path) -> None:
    """Link what `lock` names into `folder` from uv's cache, asked first so that a warm machine needs no index.

    The files are the cache's own, so nobody may write into them: see `rewrite`.
    """
    command = [*find_uv(), "pip", "install", "--quiet", "--target", str(folder), "--requirements", str(lock)]
    command += ["--python", sys.executable, "--only-binary", ":all:", "--no-deps", "--require-hashes"]
    command += ["--no-installer-metadata", "--link-mode", "hardlink", "--no-config"]
    if not target.is_host:
        command += ["--python-platform", target.platform, "--python-version", target.minor]
    answer = None
    for mode in (["--offline"], []):
        answer = subprocess.run([*command, *mode], capture_output=True, text=True, check=False)  # noqa: S603 -- our own words
        if answer.returncode == 0:
            return
        shutil.rmtree(folder, ignore_errors=True)
    raise PackageError(_reason(answer.stderr if answer else "", lock, target))


def rewrite(path: Path, text: str) -> None:
    """Put a new file in the place of an installed one, whose content uv's cache may share."""
    path.unlink()
    path.write_text(text)


def _reason(words: str, lock: Path, target: Target) -> str:
    if found := NO_WHEEL.search(" ".join(words.split())):
        return f"{found.group(1)} has no wheel for {target}: lock a version that has one (`make lock`)."
    lines = [
        line.strip().removeprefix("error: ").removeprefix("cause: ") for line in words.splitlines() if line.strip()
    ]
    return f"uv could not install {lock.name} for {target}: {': '.join(lines[:2]) or 'it gave no reason'}"
