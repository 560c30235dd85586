"""The Lambda package as its build left it: `build/<stack>/package.json` and the zip that it names."""

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
    """The code of the function; `sha256` is None where there is none yet, which only a preview accepts."""

    archive: pulumi.Archive
    sha256: str | None
    runtime: str
    architecture: str

    @property
    def version(self) -> str:
        """What the API calls its version."""
        return (self.sha256 or "0" * 64)[:12]

    @property
    def source_code_hash(self) -> str | None:
        """The digest as Lambda writes it: what decides whether the code changed."""
        return base64.b64encode(bytes.fromhex(self.sha256)).decode() if self.sha256 else None


def load_package(stack: str, function: FunctionSettings) -> Package:
    """The stack's package; RunError where it is missing, in an update, or was built for another target."""
    runtime, architecture = _target(function)
    manifest = _ROOT / "build" / stack / "package.json"
    if not manifest.is_file():
        return _no_package(stack, runtime, architecture)
    again = f"build it again: ./stack package {stack}"
    try:
        built = json.loads(manifest.read_text(encoding="utf-8"))
        path, sha256 = _ROOT / built["path"], str(built["sha256"])
        bytes.fromhex(sha256)
        target = (built["runtime"], built["architecture"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise pulumi.RunError(f"build/{stack}/package.json cannot be used ({error!r}); {again}") from None
    if target != (runtime, architecture):
        raise pulumi.RunError(
            f"The package was built for {' on '.join(target)}, not {runtime} on {architecture}; {again}"
        )
    if not path.is_file():
        raise pulumi.RunError(f"The package {built['path']} is gone; {again}")
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise pulumi.RunError(f"The package {built['path']} is not the one that its record describes; {again}")
    return Package(pulumi.FileArchive(str(path)), sha256, runtime, architecture)


def _no_package(stack: str, runtime: str, architecture: str) -> Package:
    sentence = f"build/{stack}/package.json is missing; build the package first: ./stack package {stack}"
    if not pulumi.runtime.is_dry_run():
        raise pulumi.RunError(sentence)
    pulumi.log.warn(f"{sentence} (this preview goes on with an empty one)")
    return Package(pulumi.AssetArchive({}), None, runtime, architecture)


def _target(function: FunctionSettings) -> tuple[str, str]:
    """Runtime and architecture by Lambda's names; `host` is the interpreter and the CPU that run this."""
    runtime, architecture = function.runtime, function.architecture
    return (
        f"python{sys.version_info.major}.{sys.version_info.minor}" if runtime == "host" else runtime,
        _MACHINES.get(platform.machine().lower(), platform.machine()) if architecture == "host" else architecture,
    )
