"""Write reproducible zips: the bytes depend on names and contents only."""

import hashlib
import re
import stat
from collections.abc import Iterable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from toolkit.stacks.files import read_file

LARGEST = 256 * 1024 * 1024
"""In bytes: Lambda takes 250 MB unpacked, layers included."""
LEVEL = 6  # 9 takes twice as long for half a percent
DATE = (1980, 1, 1, 0, 0, 0)
UNIX = 3
SHARED_OBJECT = re.compile(r"\.so(?:\.[0-9]+)*$")
ELF = b"\x7fELF"


def add_tree(archive: Path, tree: Path) -> None:
    """Add every file below `tree` to `archive` (made if missing), by its path from there, in sorted order."""
    with ZipFile(archive, "a", ZIP_DEFLATED, compresslevel=LEVEL) as target:
        for path, name in sorted_files(tree):
            content = path.read_bytes()
            runs = SHARED_OBJECT.search(name) or content.startswith(ELF)
            entry = ZipInfo(name, DATE)
            entry.create_system = UNIX
            entry.external_attr = (stat.S_IFREG | (0o755 if runs else 0o644)) << 16
            target.writestr(entry, content, ZIP_DEFLATED, LEVEL)


def sorted_files(tree: Path) -> Iterable[tuple[Path, str]]:
    """The files below `tree` with their names from there, in an order that no disk decides."""
    named = ((path, path.relative_to(tree).as_posix()) for path in tree.rglob("*") if path.is_file())
    return sorted(named, key=lambda pair: pair[1])


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hex. Raises FileError, also for a file larger than a package can be."""
    return hashlib.sha256(read_file(path, largest=LARGEST)).hexdigest()
