"""The changes of the Lambda package: its dependencies by the locked requirements, and its size."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from toolkit.package.build import BuildRequest, inputs_of
from toolkit.package.licences import licence_of
from toolkit.package.target import BuildTarget
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.json_documents import read_json_object

_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)")
_VIA = re.compile(r"^\s+#\s+(?:via\s+)?([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?( \(.+\))?$")


@dataclass(frozen=True)
class Dependency:
    """A new, removed or changed dependency; a missing version is empty."""

    name: str
    before: str
    after: str
    direct: bool = False
    """Whether pyproject.toml names it."""
    brings: tuple[str, ...] = ()
    """The new transitive dependencies of a new direct one."""
    known: int = 0
    """The number of its dependencies that existed before."""
    size: int | None = None
    """The unpacked size in bytes; None where this version is not installed."""
    licence: str = ""


@dataclass(frozen=True)
class BuiltPackage:
    """A built package: sizes in bytes."""

    stack: str
    zipped: int
    unpacked: int
    sha256: str


@dataclass(frozen=True)
class PackageReport:
    """The changes of the packages."""

    dependencies: tuple[Dependency, ...] = ()
    built: tuple[BuiltPackage, ...] = ()
    """The packages built from these files."""
    code: tuple[str, ...] = ()
    """The files of the service that differ from the base."""


def dependency_changes(before: str, after: str) -> tuple[Dependency, ...]:
    """Return the difference of two locked requirements files, direct dependencies first."""
    old, new = _pins_in(before), _pins_in(after)
    dependencies = []
    for name in old.keys() | new.keys():
        was, now = old.get(name), new.get(name)
        if was and now and was.version == now.version:
            continue
        one = Dependency(name, was.version if was else "", now.version if now else "", bool(now and now.direct))
        if now and not was:
            needed = _needed_by(name, new)
            brings = tuple(each for each in needed if each not in old)
            one = Dependency(
                name, "", now.version, now.direct, brings, len(needed) - len(brings), *_facts(name, now.version)
            )
        dependencies.append(one)
    return tuple(sorted(dependencies, key=lambda each: (not (each.direct and not each.before), each.name)))


def _facts(name: str, version: str) -> tuple[int | None, str]:
    """Return the unpacked size and the licence of a distribution, if this version is installed."""
    try:
        installed = distribution(name)
    except PackageNotFoundError:
        return None, ""
    files = installed.files or []
    metadata = next((file for file in files if file.name == "METADATA"), None)
    if installed.version != version or metadata is None:
        return None, ""
    return sum(file.size or 0 for file in files), licence_of(Path(str(metadata.locate())))


def built_packages(root: Path) -> tuple[BuiltPackage, ...]:
    """Return the packages in build/ that were built from the present files."""
    packages = (_built(manifest, root) for manifest in sorted(root.glob("build/*/package.json")))
    return tuple(package for package in packages if package)


def _built(manifest: Path, root: Path) -> BuiltPackage | None:
    try:
        record = read_json_object(manifest)
        stack, sizes = manifest.parent.name, record["sizes"]
        target = BuildTarget.of_stack(stack, root)
        if record["inputs"] != inputs_of(BuildRequest(root, stack, target, record["bytecode"] is True)):
            return None
        return BuiltPackage(stack, int(sizes["zipped"]), int(sizes["unpacked"]), str(record["sha256"]))
    except (RefusedError, OSError, ValueError, KeyError, TypeError, OverflowError):
        return None


@dataclass(frozen=True)
class _Pin:
    """One requirement as `uv pip compile` writes it: `parents` need it, and it is direct where the project does."""

    version: str
    parents: tuple[str, ...] = ()
    direct: bool = False


def _pins_in(text: str) -> dict[str, _Pin]:
    """Return the requirements of the file by lower-case name."""
    pins: dict[str, _Pin] = {}
    name = ""
    for line in text.splitlines():
        if pin := _PIN.match(line):
            name = pin[1].lower()
            pins[name] = _Pin(pin[2])
        elif name and (via := _VIA.match(line)) and via[1] != "via":
            known = pins[name]
            parents = known.parents if via[2] else (*known.parents, via[1].lower())
            pins[name] = _Pin(known.version, parents, known.direct or bool(via[2]))
    return pins


def _needed_by(name: str, pins: Mapping[str, _Pin]) -> tuple[str, ...]:
    """Return all transitive dependencies of a requirement."""
    needed = {name}
    while more := {each for each, pin in pins.items() if each not in needed and needed & set(pin.parents)}:
        needed |= more
    return tuple(sorted(needed - {name}))
