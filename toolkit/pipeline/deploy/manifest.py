"""The manifest of a plan: the digests of its inputs, in build/plan/<stack>/."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from toolkit.package.archive import digest
from toolkit.pipeline.deploy.sources import Sources
from toolkit.stacks.errors import FileError, RefusedError, mistakes
from toolkit.stacks.files import write_file
from toolkit.stacks.git import git
from toolkit.stacks.json_documents import read_json
from toolkit.stacks.stack_files import StackName

VOLATILE_FIELDS = {"manifest", "metadata", "sourcePosition", "stackTrace", "ciphertext"}
"""Fields of an exported state that change without a change of the stack."""


MARK = "+changes"


class BadPlanError(FileError):
    """The folder has no readable plan; the message is one sentence."""


@dataclass(frozen=True)
class Bound:
    """The inputs of the plan when it was made; digests are SHA-256 in hex."""

    commit: str
    config_sha256: str
    package_sha256: str
    state_sha256: str
    sources_sha256: str
    """The digest of all source files of program and package, uncommitted ones included."""


@dataclass(frozen=True)
class Manifest(Bound):
    """A saved plan and its inputs."""

    stack: StackName
    created: str
    plan_sha256: str
    operations: Mapping[str, str]
    """The operation by URN."""
    changes: bool
    """Whether the update changes anything: a resource, or an output of the stack."""
    uncommitted: tuple[str, ...] = ()
    """The source files of the plan that differ from the commit."""

    def write(self, folder: Path) -> None:
        """Write the manifest beside the plan."""
        write_file(folder / "manifest.json", json.dumps(asdict(self), indent=2) + "\n")

    def changed_inputs(self, now: Mapping[str, str]) -> Iterator[str]:
        """Yield each input that changed since the plan was made, with both values."""
        for name, there in now.items():
            then = getattr(self, name)
            if then != there:
                yield f"{INPUT_NAMES[name]} moved from {short(then)} to {short(there)}"


INPUT_NAMES = {
    "commit": "the commit",
    "config_sha256": "the stack's file",
    "package_sha256": "the package",
    "state_sha256": "the stack's state",
    "sources_sha256": "the content of the program's files",
}


def read_manifest(folder: Path, stack: str) -> Manifest:
    """Return the manifest of a plan for this stack. Raises BadPlanError."""
    file = folder / "manifest.json"
    again = f"make one with: ./stack plan {stack}"
    try:
        manifest = TypeAdapter(Manifest).validate_python(read_json(file))
    except FileError as error:
        if not os.path.lexists(file):
            raise BadPlanError(f"There is no plan in {folder}; {again}.") from None
        raise BadPlanError(f"{str(error).removesuffix('.')}; {again}.") from None
    except ValidationError as error:
        raise BadPlanError(f"{file} is no plan's manifest ({mistakes(error)[0]}); {again}.") from None
    if manifest.stack != stack:
        raise BadPlanError(f"The plan in {folder} is for stack {manifest.stack!r}, not {stack!r}; {again}.")
    return manifest


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file. Raises RefusedError."""
    try:
        return digest(path)
    except FileError as error:
        raise RefusedError(str(error)) from None


def state_digest(exported: Mapping[str, Any]) -> str:
    """Return the SHA-256 of an exported state; it is the same after an update without changes."""
    return hashlib.sha256(json.dumps(_without_volatile_fields(exported), sort_keys=True).encode()).hexdigest()


def commit_of(root: Path) -> str:
    """Return the checked-out commit, marked where files differ from it. Raises RefusedError."""
    return git(root, "describe", "--always", "--abbrev=40", "--exclude=*", f"--dirty={MARK}")


def marked(commit: str, sources: Sources) -> str:
    """Return the commit, marked also where a source file differs from it."""
    return f"{commit.removesuffix(MARK)}{MARK}" if sources.uncommitted else commit


def short(digest: str) -> str:
    """Return the first digits of a digest or commit, with its mark."""
    return digest[:12] + digest[40:] if digest.endswith(MARK) else digest[:12]


def _without_volatile_fields(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_volatile_fields(part) for key, part in value.items() if key not in VOLATILE_FIELDS}
    return [_without_volatile_fields(part) for part in value] if isinstance(value, list) else value
