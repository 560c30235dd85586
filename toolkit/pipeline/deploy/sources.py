"""The source files of program and package: their digest, and which of them differ from the commit.

Git's own answer leaves some out: files that are ignored or not added, and those marked as unchanged or skipped. So each
file is read, and compared with the commit by its content.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from toolkit.configuration import configuration
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.git import git

_IMPORTED = (".py", ".pyc", ".so")
_GENERATED = (".git", ".venv", "build", ".local")
"""Generated files; the digest of the package covers its content."""
_NOT_SOURCES = (*_GENERATED, "docs", "tests")
_SHOWN = 5
_LINK, _SUBMODULE = "120000", "160000"


@dataclass(frozen=True)
class Sources:
    """The source files: their SHA-256 in hex, and the names of those that differ from the commit."""

    digest: str
    uncommitted: tuple[str, ...]

    @property
    def listed(self) -> str:
        """Return the first of those names."""
        more = len(self.uncommitted) - _SHOWN
        shown = [name if name.isprintable() else repr(name) for name in self.uncommitted[:_SHOWN]]
        return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def sources_of(root: Path) -> Sources:
    """Return the source files of program and package now. Raises RefusedError for an unreadable one."""
    committed = _committed(root)
    names = sorted({name for name in (*committed, *_present(root)) if _is_source(name)})
    try:
        digest = hashlib.sha256()
        for name in names:
            digest.update(f"{name}\0{_content(root, root / name)}\n".encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise RefusedError(f"{error.filename} cannot be read ({error.strerror}).") from None
    return Sources(digest.hexdigest(), tuple(_uncommitted(root, names, committed)))


def _uncommitted(root: Path, names: Iterable[str], committed: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    regular = [name for name in names if _mode(root / name) == "file" and "\n" not in name]
    hashed = git(root, "hash-object", "--stdin-paths", typed=os.fsencode("\n".join(regular)))
    ids = dict(zip(regular, hashed.split(), strict=True))
    for name in names:
        mode, id = committed.get(name, ("", ""))
        path = root / name
        if mode == _LINK and path.is_symlink():
            same = git(root, "hash-object", "--stdin", typed=os.fsencode(path.readlink())) == id
            is_same = same and _target_outside(root, path) is None
        elif mode == _SUBMODULE:
            is_same = not any(path.iterdir()) if path.is_dir() else False
        else:
            is_same = mode != _LINK and bool(id) and ids.get(name) == id
        if not is_same:
            yield name


def _committed(root: Path) -> dict[str, tuple[str, str]]:
    """Return the mode and the id of each file of the commit."""
    found = (line.split("\t", 1) for line in git(root, "ls-tree", "-r", "-z", "HEAD").split("\0") if line)
    return {name: (about.split()[0], about.split()[2]) for about, name in found}


def _present(root: Path) -> Iterator[str]:
    """Yield the existing files, independent of the index, also each file of a nested repository."""
    elsewhere = [f":(exclude,top){name}" for name in _GENERATED]
    for kinds in (["--cached", "--others", "--exclude-standard"], ["--others", "--ignored", "--exclude-standard"]):
        for name in git(root, "ls-files", "-z", *kinds, "--", ".", *elsewhere).split("\0"):
            if name.endswith("/"):
                yield from (str(path.relative_to(root)) for path in _files_below(root / name))
            elif name:
                yield name


def _is_source(name: str) -> bool:
    first = name.partition("/")[0]
    if "__pycache__" in name.split("/") or (first in _NOT_SOURCES and "/" in name):
        return False
    return first in configuration().folders or name.endswith(_IMPORTED)


def _content(root: Path, path: Path) -> str:
    """Return the digest of a file, of a link with its target outside the clone, or of a folder's content."""
    if path.is_symlink():
        target = _target_outside(root, path)
        return f"link {path.readlink()} {_content(root, target) if target else ''}"
    if path.is_dir():
        return " ".join(f"{inner.relative_to(path)} {_content(root, inner)}" for inner in sorted(_files_below(path)))
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "missing"


def _target_outside(root: Path, link: Path) -> Path | None:
    """Return the target of a link outside the clone; None for a target inside it, or a circular link."""
    try:
        target = link.resolve()
    except (OSError, RuntimeError):
        return None
    return None if target.is_relative_to(root.resolve()) else target


def _files_below(folder: Path) -> Iterator[Path]:
    for path, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in (".git", "__pycache__")]
        yield from (Path(path, name) for name in names if not name.endswith(".pyc"))


def _mode(path: Path) -> str:
    return "link" if path.is_symlink() else "file" if path.is_file() else ""
