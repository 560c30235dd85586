"""The Lambda package that was built: `build/<stack>/package.json` and its zip file."""

import base64
import hashlib
import json
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

import pulumi

from infrastructure.settings.groups import FunctionSettings

_ROOT = Path(__file__).resolve().parent.parent
_MACHINES = {"aarch64": "arm64", "arm64": "arm64", "amd64": "x86_64", "x86_64": "x86_64"}


@dataclass(frozen=True)
class Package:
    """The code of the function; in a preview `sha256` is None if the package is not built."""

    archive: pulumi.Archive
    sha256: str | None
    runtime: str
    architecture: str

    @property
    def version(self) -> str:
        """The version that the API reports."""
        return (self.sha256 or "0" * 64)[:12]

    @property
    def source_code_hash(self) -> str | None:
        """The digest in Lambda's encoding, by which the provider detects a change of the code."""
        return base64.b64encode(bytes.fromhex(self.sha256)).decode() if self.sha256 else None


def load_package(stack: str, function: FunctionSettings) -> Package:
    """Return the stack's package. Raise RunError if it was built for another target or, in an update, is missing."""
    runtime, architecture = _target(function)
    manifest = _ROOT / "build" / stack / "package.json"
    if not manifest.is_file():
        return _no_package(stack, runtime, architecture)
    rebuild = f"build it again: ./stack package {stack}"
    try:
        built = json.loads(manifest.read_text(encoding="utf-8"))
        path, sha256 = _ROOT / built["path"], str(built["sha256"])
        bytes.fromhex(sha256)
        target = (built["runtime"], built["architecture"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise pulumi.RunError(f"build/{stack}/package.json cannot be used ({error!r}); {rebuild}") from None
    if target != (runtime, architecture):
        raise pulumi.RunError(
            f"The package was built for {' on '.join(target)}, not {runtime} on {architecture}; {rebuild}"
        )
    if not path.is_file():
        raise pulumi.RunError(f"The package {built['path']} does not exist; {rebuild}")
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise pulumi.RunError(f"The package {built['path']} differs from its record; {rebuild}")
    return Package(pulumi.FileArchive(str(path)), sha256, runtime, architecture)


def _no_package(stack: str, runtime: str, architecture: str) -> Package:
    message = f"build/{stack}/package.json is missing; build the package first: ./stack package {stack}"
    if not pulumi.runtime.is_dry_run():
        raise pulumi.RunError(message)
    pulumi.log.warn(f"{message} (this preview continues with an empty package)")
    return Package(pulumi.AssetArchive({}), None, runtime, architecture)


def _target(function: FunctionSettings) -> tuple[str, str]:
    """Return runtime and architecture by Lambda's names; `host` is this interpreter and this CPU."""
    runtime, architecture = function.runtime, function.architecture
    return (
        f"python{sys.version_info.major}.{sys.version_info.minor}" if runtime == "host" else runtime,
        _MACHINES.get(platform.machine().lower(), platform.machine()) if architecture == "host" else architecture,
    )
