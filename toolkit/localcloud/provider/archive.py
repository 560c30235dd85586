"""The bytes of a Pulumi archive: a zip file unchanged, a folder or a set of assets as a reproducible zip."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi

from toolkit.localcloud.provider.errors import ProviderError

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date of a zip: equal contents give equal bytes


def archive_bytes(archive: Any, root: Path) -> bytes:
    """Return the zip for Lambda; paths are relative to the project's root. Raises ProviderError for a missing file."""
    if isinstance(archive, pulumi.FileArchive):
        path = root / archive.path
        if path.is_file():
            return path.read_bytes()
        if path.is_dir():
            inside = sorted(entry for entry in path.rglob("*") if entry.is_file())
            return _zipped((entry.relative_to(path).as_posix(), entry.read_bytes()) for entry in inside)
        raise ProviderError(f"the package {archive.path} does not exist under {root}; build it first")
    if isinstance(archive, pulumi.AssetArchive):
        return _zipped((name, _asset_bytes(asset, root)) for name, asset in sorted(archive.assets.items()))
    raise ProviderError(f"the code is a {type(archive).__name__}; it must be a FileArchive or an AssetArchive")


def _asset_bytes(asset: Any, root: Path) -> bytes:
    if isinstance(asset, pulumi.StringAsset):
        return asset.text.encode()
    if isinstance(asset, pulumi.FileAsset):
        return (root / asset.path).read_bytes()
    raise ProviderError(f"an archive holds a {type(asset).__name__}; it may hold strings and files")


def _zipped(entries: Iterator[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in entries:
            bundle.writestr(zipfile.ZipInfo(name, EPOCH), content)
    return buffer.getvalue()
