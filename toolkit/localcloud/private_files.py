"""Files of the local stack that only their owner may read, and log files that a full disk does not stop."""

import fcntl
import logging
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

log = logging.getLogger("toolkit.localcloud")


def make_private(folder: Path) -> None:
    """Create the folder, and remove the permissions of other users from it and its contents.

    Symbolic links stay as they are: they may point out of the folder.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(parent, name)
            mode = path.lstat().st_mode
            if not stat.S_ISLNK(mode) and mode & 0o077:
                path.chmod(stat.S_IMODE(mode) & 0o700)


@contextmanager
def private_draft(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file that replaces `path` once the body has written it. After an error `path` is unchanged.

    Raises OSError.
    """
    draft = path.with_name(f"{path.name}.unfinished")
    draft.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def write_private(path: Path, content: bytes) -> None:
    """Write the file atomically. Raises OSError, and then leaves the earlier content."""
    with private_draft(path) as file:
        file.write(content)


def try_lock(file: IO[Any]) -> bool:
    """Lock an open file until it is closed or its process ends. Return False where another process has locked it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def last_good(path: Path) -> Path:
    """Return the path of the copy that the last successful start made of a kept file."""
    return path.with_name(f"{path.name}.last-good")


def open_log(path: Path) -> IO[bytes]:
    """Open a log file to append to and to read, unbuffered; its folder is created. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    return os.fdopen(descriptor, "a+b", buffering=0)


class LogFile:
    """A file that lines are appended to. A failure to write is reported once, until a write succeeds again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = open_log(path)
        self._failing = False

    def write(self, line: str) -> None:
        """Append one line; a full disk loses only that line."""
        content = f"{line}\n".encode("utf-8", "replace")
        try:
            written = os.write(self._file.fileno(), content)
            if written < len(content):  # the disk is full now: the next write raises the reason
                os.write(self._file.fileno(), content[written:])
        except OSError as error:
            if not self._failing:
                log.warning("%s cannot be written (%s): its lines are lost.", self._path, os.strerror(error.errno or 0))
            self._failing = True
        else:
            self._failing = False

    def close(self) -> None:
        """Close the file."""
        self._file.close()
