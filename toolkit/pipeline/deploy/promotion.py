"""Promote one package from stack to stack by its digest, once the previous stack passed its smoke test."""

import json
import os
import shutil
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from toolkit.package.target import BuildTarget
from toolkit.pipeline.deploy.manifest import file_digest
from toolkit.stacks.errors import FileError, RefusedError
from toolkit.stacks.files import output_file, write_file
from toolkit.stacks.json_documents import read_json, read_json_object
from toolkit.stacks.settings import StackFile
from toolkit.stacks.stack_files import StackName

PREVIOUS_STACK = {"staging": "dev", "prod": "staging"}
"""By stack, the one that must have passed the smoke test with a package first; other stacks build their own."""
FIRST_STACK = "dev"


@dataclass(frozen=True)
class ReleaseRecord:
    """The record that a stack runs a package: since when, and when its smoke test passed."""

    digest: str
    stack: StackName
    ran: str
    smoked: str | None = None


def promotable(stack: str, root: Path) -> str:
    """Return the SHA-256 of the stack's package, which is complete and may be deployed. Raises RefusedError."""
    archive, record = root / "build" / stack / "function.zip", root / "build" / stack / "package.json"
    if not archive.is_file() or not record.is_file():
        before = PREVIOUS_STACK.get(stack)
        fix = (
            f"download the artifacts build/{FIRST_STACK} and build/release of the run of {before}"
            if before
            else (f"build it first: ./stack package {stack}")
        )
        raise RefusedError(f"build/{stack} has no package; {fix}.")
    digest, recorded = file_digest(archive), _record(record).get("sha256")
    if digest != recorded:
        raise RefusedError(
            f"build/{stack}/function.zip is not the package that was built: its SHA-256 is {digest[:12]}, its record "
            f"says {str(recorded)[:12]}; build it again, and find out who changed it."
        )
    if before := PREVIOUS_STACK.get(stack):
        _require_release(digest, stack, before, root)
    return digest


def place_package(file: StackFile, root: Path) -> None:
    """Copy the package of the first stack for a stack that builds none and has none yet.

    Raises RefusedError where that one is for another runtime or architecture.
    """
    stack = file.stack
    source, place = root / "build" / FIRST_STACK, root / "build" / stack
    whole = all((source / name).is_file() for name in ("package.json", "function.zip"))
    if stack not in PREVIOUS_STACK or (place / "function.zip").exists() or not whole:
        return
    record = _record(source / "package.json")
    target = BuildTarget.of_function(file.settings.function)
    wanted = target.runtime, target.architecture
    built = record.get("runtime"), record.get("architecture")
    if built != wanted:
        raise RefusedError(
            f"{stack} wants {' on '.join(wanted)}, the package of {FIRST_STACK} is {' on '.join(map(str, built))}: "
            f"write the same function.runtime and architecture into Pulumi.{stack}.yaml and Pulumi.{FIRST_STACK}.yaml."
        )
    archive = output_file(root, stack, "function.zip")
    place.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source / "function.zip", archive)
    write_file(place / "package.json", json.dumps({**record, "path": f"build/{stack}/function.zip"}, indent=2) + "\n")


def record_deployed(root: Path, digest: str, stack: str) -> None:
    """Record that this stack runs this package from now on; an earlier smoke test no longer counts."""
    _write(root, ReleaseRecord(digest, stack, _now()))


def record_smoke_test(root: Path, digest: str, stack: str) -> None:
    """Record that the smoke test of this stack passed with the package that was deployed here."""
    if release := read_release(root, digest, stack):
        _write(root, replace(release, smoked=_now()))


def read_release(root: Path, digest: str, stack: str) -> ReleaseRecord | None:
    """Return the record of a package in a stack, if there is one. Raises RefusedError for an unreadable one."""
    file = _file(root, digest, stack)
    if not os.path.lexists(file):
        return None
    try:
        release = TypeAdapter(ReleaseRecord).validate_python(read_json(file))
    except (FileError, ValidationError):
        release = None
    if release is None or (release.digest, release.stack) != (digest, stack):
        raise RefusedError(
            f"{file.relative_to(root)} is not a release record for this package; download the artifact of the run that "
            "wrote it."
        )
    return release


def released_to(root: Path, stack: str) -> list[str]:
    """Return the digests of the packages that ran in this stack by its records."""
    return [file.name.partition(".")[0] for file in sorted(_file(root, "*", stack).parent.glob(f"*.{stack}.json"))]


def _require_release(digest: str, stack: str, before: str, root: Path) -> None:
    """Raise RefusedError unless this stack, or the one before it, passed the smoke test with the package."""
    release, own = (read_release(root, digest, where) for where in (before, stack))
    if (release and release.smoked) or (own and own.smoked):
        return
    missing = "was deployed there, but did not pass it" if release else "was never deployed there"
    raise RefusedError(
        f"{stack} takes only a package that passed the smoke test of {before}: {digest[:12]} {missing}; "
        f"deploy it to {before}, then: ./stack smoke {before}"
    )


def _record(file: Path) -> dict[str, Any]:
    try:
        return read_json_object(file)
    except FileError:
        raise RefusedError(f"{file} cannot be read: build the package again.") from None


def _file(root: Path, digest: str, stack: str) -> Path:
    """Return the record's file: one per stack, so that the artifacts of two jobs fit into one folder."""
    try:
        return output_file(root, "release", f"{digest}.{stack}.json")
    except FileError as error:
        raise RefusedError(str(error)) from None


def _write(root: Path, release: ReleaseRecord) -> None:
    file = _file(root, release.digest, release.stack)
    write_file(file, json.dumps(asdict(release), indent=2) + "\n")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
