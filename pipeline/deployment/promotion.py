"""One package for every stack: built for the first, promoted by digest to the next once the one before ran it."""

import json
import shutil
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from pipeline.deployment.manifest import file_digest
from pipeline.errors import RefusedError
from pipeline.package.errors import PackageError
from pipeline.package.target import Target
from stackgraph import load_stack_config

BEFORE = {"staging": "dev", "prod": "staging"}
"""The stack that must have run and smoked a package before this one may have it; others build their own."""
BUILT_FOR = "dev"


@dataclass(frozen=True)
class Release:
    """What is known of one package: where it ran, and where it then passed the smoke test, each with its time."""

    digest: str
    ran: dict[str, str] = field(default_factory=dict)
    smoked: dict[str, str] = field(default_factory=dict)


def promotable(stack: str, root: Path) -> str:
    """The SHA-256 of the stack's package, which is whole and may go there. Raises RefusedError."""
    archive, record = root / "build" / stack / "function.zip", root / "build" / stack / "package.json"
    if not archive.is_file() or not record.is_file():
        before = BEFORE.get(stack)
        fix = (
            f"bring build/{BUILT_FOR} and build/release of the run of {before}"
            if before
            else (f"build it first: make package STACK={stack}")
        )
        raise RefusedError(f"build/{stack} has no package; {fix}.")
    digest, said = file_digest(archive), _record(record).get("sha256")
    if digest != said:
        raise RefusedError(
            f"build/{stack}/function.zip is not the package that was built: its SHA-256 is {digest[:12]}, its record "
            f"says {str(said)[:12]}; build it again, and find out who changed it."
        )
    if before := BEFORE.get(stack):
        _require_release(digest, stack, before, root)
    return digest


def place_package(stack: str, root: Path) -> None:
    """Give a stack that builds none the package that was built for the first stack, if it has none yet.

    Raises RefusedError where that one is for another runtime or architecture.
    """
    source, place = root / "build" / BUILT_FOR, root / "build" / stack
    if stack not in BEFORE or (place / "function.zip").exists() or not (source / "package.json").is_file():
        return
    record = _record(source / "package.json")
    wanted = _target(stack, root)
    built = record.get("runtime"), record.get("architecture")
    if built != wanted:
        raise RefusedError(
            f"{stack} wants {' on '.join(wanted)}, the package of {BUILT_FOR} is {' on '.join(map(str, built))}: "
            f"write the same function.runtime and architecture into Pulumi.{stack}.yaml and Pulumi.{BUILT_FOR}.yaml."
        )
    place.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source / "function.zip", place / "function.zip")
    (place / "package.json").write_text(json.dumps({**record, "path": f"build/{stack}/function.zip"}, indent=2) + "\n")


def record_ran(root: Path, digest: str, stack: str) -> None:
    """Write down that this stack runs this package from now on; an earlier smoke test there no longer counts."""
    release = read_release(root, digest)
    release.ran[stack] = _now()
    release.smoked.pop(stack, None)
    _write(root, release)


def record_smoked(root: Path, digest: str, stack: str) -> None:
    """Write down that the smoke test of this stack passed with this package."""
    release = read_release(root, digest)
    release.smoked[stack] = _now()
    _write(root, release)


def read_release(root: Path, digest: str) -> Release:
    """What is known of a package, nothing where it has no record. Raises RefusedError for one that cannot be read."""
    file = _file(root, digest)
    if not file.exists():
        return Release(digest)
    try:
        release = TypeAdapter(Release).validate_json(file.read_bytes())
    except (OSError, ValidationError):
        release = None
    if release is None or release.digest != digest:
        raise RefusedError(
            f"{file.relative_to(root)} is no record of that package: bring it from the run that wrote it."
        )
    return release


def _require_release(digest: str, stack: str, before: str, root: Path) -> None:
    release = read_release(root, digest)
    missing = [
        what for what, told in (("ran", release.ran), ("passed the smoke test", release.smoked)) if before not in told
    ]
    if missing:
        raise RefusedError(
            f"{stack} takes only a package that {before} ran and smoked: {digest[:12]} never {' nor '.join(missing)} "
            f"there; deploy it to {before} first, then: python -m pipeline smoke --stack {before}"
        )


def _target(stack: str, root: Path) -> tuple[str, str]:
    try:
        settings: Any = load_stack_config(stack, root).get("items-api:settings")
        target = Target.of_function(settings["function"])
    except (PackageError, KeyError, TypeError) as error:
        raise RefusedError(f"Pulumi.{stack}.yaml does not say what to build for: {error}.") from None
    return target.runtime, target.architecture


def _record(file: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(file.read_text()))
    except (OSError, ValueError, TypeError):
        raise RefusedError(f"{file} cannot be read: build the package again.") from None


def _file(root: Path, digest: str) -> Path:
    return root / "build" / "release" / f"{digest}.json"


def _write(root: Path, release: Release) -> None:
    file = _file(root, release.digest)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(release), indent=2) + "\n")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
