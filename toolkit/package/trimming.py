"""What the function never needs of its dependencies, and is therefore not shipped."""

import shutil
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from toolkit.package.botocore_data import OPERATIONS, trim_botocore
from toolkit.package.trust_store import trim_trust_store

# Patterns of paths from the package's root; a folder that matches goes with all it holds.
NEVER_NEEDED = (
    ".lock",  # of uv, while it installed
    "bin",
    "*/tests",
    "*/__pycache__",
    "*.pyi",
    "*.c",
    "*/.agents",
    "*/py.typed",
    "pydantic/v1",  # for models written for pydantic 1; FastAPI and pydantic do without it
    "pydantic/mypy.py",
    "*/testclient.py",
    "anyio/pytest_plugin.py",
    "anyio/_backends/_trio.py",
    "fastapi/cli.py",
    "botocore/crt/auth.py",  # for awscrt, which is not shipped
    "boto3/examples",
    "urllib3/contrib/emscripten",
    "dateutil/zoneinfo/dateutil-zoneinfo.tar.gz",  # botocore reads UTC and the machine's own zone
    "aws_lambda_powertools/event_handler/openapi/swagger_ui",  # Powertools' own documentation page
)
READS_ITS_ENTRY_POINTS = ("opentelemetry_api-*.dist-info",)


def trim(tree: Path) -> None:
    """Remove from an installed tree what the function never needs."""
    for path in _matching(tree, NEVER_NEEDED):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for metadata in sorted(tree.glob("*.dist-info")):
        if any(fnmatch(metadata.name, pattern) for pattern in READS_ITS_ENTRY_POINTS):
            _keep_entry_points(metadata)
        else:
            shutil.rmtree(metadata)
    if (tree / "botocore" / "data").is_dir():
        trim_botocore(tree / "botocore" / "data")
        trim_trust_store(tree / "botocore" / "cacert.pem")
    for described in sorted((tree / "boto3" / "data").glob("*")):
        if described.is_dir() and described.name not in OPERATIONS:
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
