"""The function's code on disk: fetched from the embedded Lambda, checked against its digest, unpacked once."""

import base64
import hashlib
import importlib.metadata
import io
import threading
import zipfile
from pathlib import Path

import httpx

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.embedded_client import call_embedded_route
from toolkit.localcloud.runtime.function import FunctionVersion
from toolkit.localcloud.runtime.invocation import InvokeError

_RUNTIME_CLIENT = ("awslambdaric", "simplejson", "snapshot-restore-py")


class UnpackedCode:
    """Keeps one folder per code digest under `root`."""

    def __init__(self, connection: AwsConnection, root: Path) -> None:
        self._connection = connection
        self._root = root
        self._latest: Path | None = None
        self._lock = threading.Lock()

    def folder(self, version: FunctionVersion) -> Path:
        """Return the folder of the version's code. Blocks on the network; raises InvokeError for a wrong zip."""
        digest = base64.b64decode(version.code_sha256).hex()
        target = self._root / "code" / digest
        with self._lock:
            if not target.exists():
                staging = target.with_suffix(".unpacking")
                _unpack(self._fetch(version, digest), staging, self._latest)
                staging.rename(target)
                self._latest = target
        return target

    def runtime_client(self) -> Path:
        """Return a folder with AWS's runtime client and no other package of this Python.

        A dependency that is missing in the zip must also be missing here.
        """
        target = self._root / "runtime-client"
        with self._lock:
            if not target.exists():
                target.mkdir(parents=True)
                for distribution in _RUNTIME_CLIENT:
                    _link_modules(distribution, target)
        return target

    def _fetch(self, version: FunctionVersion, digest: str) -> bytes:
        response = call_embedded_route(self._connection, f"functions/{version.name}/{version.version}/code")
        if response.status_code != httpx.codes.OK:
            raise InvokeError(
                502, "InvalidZipFileException", f"No code for {version.arn}: HTTP {response.status_code}."
            )
        if hashlib.sha256(response.content).hexdigest() != digest:
            raise InvokeError(
                502, "CodeVerificationFailedException", f"The code of {version.arn} is not what was deployed."
            )
        return response.content


def _unpack(content: bytes, target: Path, earlier: Path | None) -> None:
    """Unpack a zip. Hard-link the files that an earlier folder has with the same content."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {member.filename: member for member in archive.infolist()}  # the last one of a name counts
            if any({"", ".", ".."} & set(name.rstrip("/").split("/")) for name in members):
                earlier = None  # `extract` sanitizes these names, and two may become one
            for name, member in members.items():
                permissions = 0o444 | (member.external_attr >> 16 & 0o111)
                if earlier and _is_same(earlier / name, archive, member, permissions):
                    (target / name).parent.mkdir(parents=True, exist_ok=True)
                    (target / name).hardlink_to(earlier / name)
                    continue
                path = Path(archive.extract(member, target))
                if not member.is_dir():
                    path.chmod(permissions)
    except zipfile.BadZipFile as error:
        raise InvokeError(502, "InvalidZipFileException", f"The deployed code is not a zip file: {error}") from error


def _is_same(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, permissions: int) -> bool:
    if not path.is_file() or (path.stat().st_mode & 0o777, path.stat().st_size) != (permissions, member.file_size):
        return False
    return path.read_bytes() == archive.read(member)


def _link_modules(distribution: str, target: Path) -> None:
    files = importlib.metadata.files(distribution) or []
    tops = {
        file.parts[0]
        for file in files
        if not file.parts[0].endswith((".dist-info", "..")) and file.parts[0] != "__pycache__"
    }
    for top in tops:
        source = Path(str(importlib.metadata.distribution(distribution).locate_file(top)))
        (target / top).symlink_to(source)
