"""Install the locked wheels for a target into a folder with uv, without running code of a package."""

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from packaging.tags import Tag, parse_tag
from packaging.utils import canonicalize_name, parse_wheel_filename

from toolkit.package import PackageError
from toolkit.package.target import BuildTarget

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


def install(lock: Path, target: BuildTarget, folder: Path) -> dict[str, str]:
    """Link what `lock` names into `folder` from uv's cache; the SHA-256 of each wheel, by normalized name.

    The files are the cache's own, so nothing may write into them: see `rewrite`. Raises PackageError.
    """
    selection = [*_target_options(target), "--no-deps", "--only-binary", ":all:", "--no-config", "--quiet"]
    unpacked = ["--target", str(folder), "--requirements", str(lock), "--require-hashes", "--no-installer-metadata"]
    try:
        _run_uv(["install", *unpacked, "--link-mode", "hardlink", *selection], lock, target)
    except PackageError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    resolved = _run_uv(["compile", str(lock), "--format", "pylock.toml", *selection], lock, target)
    packages = {canonicalize_name(package["name"]): package for package in tomllib.loads(resolved)["packages"]}
    return {
        name: _digest_of_installed(packages[name], _tags(metadata))
        for metadata in sorted(folder.glob("*.dist-info/WHEEL"))
        if (name := canonicalize_name(metadata.parent.name.split("-")[0])) in packages
    }


def _target_options(target: BuildTarget) -> list[str]:
    platform = [] if target.is_host else ["--python-platform", target.platform, "--python-version", target.minor]
    return ["--python", sys.executable, *platform]


def _run_uv(command: list[str], lock: Path, target: BuildTarget) -> str:
    """Return the output of `uv pip`, run with its cache only, else with the network."""
    for mode in (["--offline"], []):
        answer = subprocess.run([*find_uv(), "pip", *command, *mode], capture_output=True, text=True, check=False)  # noqa: S603 -- our own words
        if answer.returncode == 0:
            return answer.stdout
    raise PackageError(_reason(answer.stderr, lock, target))


def _tags(metadata: Path) -> frozenset[Tag]:
    """The tags that a wheel's own metadata states."""
    lines = metadata.read_text(encoding="utf-8").splitlines()
    stated = [line.removeprefix("Tag:").strip() for line in lines if line.startswith("Tag:")]
    return frozenset(tag for text in stated for tag in parse_tag(text))


def _digest_of_installed(package: Mapping[str, Any], tags: frozenset[Tag]) -> str:
    """The SHA-256 of the wheel with these tags; where two have them, of the higher build number, as installers take."""

    def match_quality(wheel: Mapping[str, Any]) -> tuple[bool, int, tuple[Any, ...]]:
        file = str(wheel.get("name") or wheel.get("url") or wheel["path"]).rpartition("/")[2]
        _, _, build, its_tags = parse_wheel_filename(file)
        return its_tags == tags, len(its_tags & tags), tuple(build)

    return str(max(package["wheels"], key=match_quality)["hashes"]["sha256"])


def rewrite(path: Path, text: str) -> None:
    """Replace an installed file by a new one, as uv's cache may share its content."""
    path.unlink()
    path.write_text(text)


def _reason(words: str, lock: Path, target: BuildTarget) -> str:
    if found := NO_WHEEL.search(" ".join(words.split())):
        return f"{found.group(1)} has no wheel for {target}: lock a version that has one (`make lock`)."
    lines = [
        line.strip().removeprefix("error: ").removeprefix("cause: ") for line in words.splitlines() if line.strip()
    ]
    return f"uv could not install {lock.name} for {target}: {': '.join(lines[:2]) or 'it gave no reason'}"
