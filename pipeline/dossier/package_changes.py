"""What changes in the Lambda package: its dependencies by the locked requirements, and how big it is."""

import re
from dataclasses import dataclass
from pathlib import Path

from stackgraph.errors import FileError
from stackgraph.json_documents import read_json_object

LOCKED = "requirements/lambda.txt"
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)


@dataclass(frozen=True)
class Dependency:
    """A dependency that came, went or moved; a version is empty where there is none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class BuiltPackage:
    """A package as it was built: sizes in bytes."""

    stack: str
    zipped: int
    unpacked: int
    sha256: str


@dataclass(frozen=True)
class PackageReport:
    """All that is known of the packages."""

    dependencies: tuple[Dependency, ...] = ()
    built: tuple[BuiltPackage, ...] = ()


def dependency_changes(before: str, after: str) -> tuple[Dependency, ...]:
    """The difference of two locked requirements files, by name."""
    old, new = _pins(before), _pins(after)
    names = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    return tuple(Dependency(name, old.get(name, ""), new.get(name, "")) for name in names)


def built_packages(root: Path) -> tuple[BuiltPackage, ...]:
    """The packages in build/, as far as their records can be read."""
    found = (_built(manifest) for manifest in sorted(root.glob("build/*/package.json")))
    return tuple(package for package in found if package)


def _built(manifest: Path) -> BuiltPackage | None:
    try:
        record = read_json_object(manifest)
        sizes = record["sizes"]
        return BuiltPackage(manifest.parent.name, int(sizes["zipped"]), int(sizes["unpacked"]), str(record["sha256"]))
    except (FileError, ValueError, KeyError, TypeError, OverflowError):
        return None


def _pins(text: str) -> dict[str, str]:
    return {name.lower(): version for name, version in _PIN.findall(text)}
