"""Remove from the installed dependencies what the function never needs."""

import shutil
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from toolkit.configuration import PackageRules
from toolkit.package import PackageError
from toolkit.package.botocore_data import trim_botocore
from toolkit.package.operations import Operations
from toolkit.package.wheels import rewrite

NEVER_NEEDED = (
    ".lock",  # written by uv during the installation
    "bin",
    "*/tests",
    "*/__pycache__",
    "*.pyi",
    "*.c",
    "*/.agents",
    "*/py.typed",
)
"""Patterns of paths from the root of the package; of a folder that matches, the content is removed too."""
KEPT_ENTRY_POINTS = ("opentelemetry_api-*.dist-info",)
# The requirement of Amazon Trust Services on clients with their own trust store: https://www.amazontrust.com/repository
ROOTS = frozenset(
    {
        "Amazon Root CA 1",
        "Amazon Root CA 2",
        "Amazon Root CA 3",
        "Amazon Root CA 4",
        "Starfield Services Root Certificate Authority - G2",
    }
)
_LABEL, _END = "# Label: ", "-----END CERTIFICATE-----"


def trim(tree: Path, rules: PackageRules, operations: Operations) -> None:
    """Remove from an installed tree what the function never needs. Raises PackageError."""
    for path in _matching(tree, (*NEVER_NEEDED, *rules.unneeded)):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for metadata in sorted(tree.glob("*.dist-info")):
        if any(fnmatch(metadata.name, pattern) for pattern in KEPT_ENTRY_POINTS):
            _keep_entry_points(metadata)
        else:
            shutil.rmtree(metadata)
    if (tree / "botocore" / "data").is_dir():
        trim_botocore(tree / "botocore" / "data", operations)
        trim_trust_store(tree / "botocore" / "cacert.pem")
    for described in sorted((tree / "boto3" / "data").glob("*")):
        if described.is_dir() and described.name not in operations:
            shutil.rmtree(described)


def _matching(tree: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    for path in sorted(tree.rglob("*")):
        name = path.relative_to(tree).as_posix()
        if path.exists() and any(fnmatch(name, pattern) for pattern in patterns):
            yield path


def _keep_entry_points(metadata: Path) -> None:
    for path in sorted(metadata.iterdir()):
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name not in {"METADATA", "entry_points.txt"}:
            path.unlink()


def trim_trust_store(bundle: Path) -> None:
    """Keep Amazon's five roots of some 130: reading the rest costs a tenth of a cold start. Raises PackageError."""
    kept: dict[str, str] = {}
    for block in bundle.read_text().split(f"{_END}\n")[:-1]:
        label = (
            next((line for line in block.splitlines() if line.startswith(_LABEL)), "").removeprefix(_LABEL).strip('"')
        )
        if label in ROOTS:
            kept[label] = f"{block.strip()}\n{_END}\n"
    if missing := ROOTS - kept.keys():
        raise PackageError(f"botocore's cacert.pem has no {', '.join(sorted(missing))}: correct {__name__}.")
    rewrite(bundle, "\n".join(kept[label] for label in sorted(kept)))
