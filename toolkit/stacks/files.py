"""Reads a named file, and writes one atomically: a failure leaves the earlier content."""

import os
import secrets
import stat
from pathlib import Path

from toolkit.stacks.errors import FileError

LARGEST = 64 * 1024 * 1024
"""In bytes: a state of 10,000 resources has some 30 MB."""


def read_file(path: Path, *, largest: int = LARGEST) -> bytes:
    """Return the content of a regular file. Raises FileError for anything else, and for one above `largest` bytes.

    A pipe or a device is refused before it is read: it may never end.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise FileError(f"{shown_path(path)} cannot be read: {_reason(error)}.") from None
    kind = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(kind):
        os.close(descriptor)
        if stat.S_ISDIR(kind):
            raise FileError(f"{shown_path(path)} cannot be read: Is a directory.")
        raise FileError(f"{shown_path(path)} is a pipe or a device; write its content to a file and name that.")
    with os.fdopen(descriptor, "rb") as file:
        try:
            content = file.read(largest + 1)
        except OSError as error:
            raise FileError(f"{shown_path(path)} cannot be read: {_reason(error)}.") from None
    if len(content) > largest:
        raise FileError(f"{shown_path(path)} has more than {largest:,} bytes, which is the limit for such a file.")
    return content


def read_text(path: Path, *, largest: int = LARGEST) -> str:
    """Return the text of a regular file in UTF-8, without a byte order mark. Raises FileError."""
    content = read_file(path, largest=largest)
    try:
        return content.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise FileError(
            f"{shown_path(path)} is not UTF-8 text: byte {error.start} is 0x{content[error.start]:02x}."
        ) from None


def write_file(path: Path, content: str | bytes) -> None:
    """Write the file at once or not at all; a file that exists keeps its mode. Raises FileError.

    The parent folder is created where it is missing; what UTF-8 cannot hold becomes a question mark.
    """
    data = content.encode(errors="replace") if isinstance(content, str) else content
    draft = path.parent / f".{os.getpid()}-{secrets.token_hex(4)}.unfinished"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(descriptor)
                if path.exists():
                    os.fchmod(descriptor, stat.S_IMODE(path.stat().st_mode))
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    except (OSError, ValueError) as error:
        raise FileError(f"{shown_path(path)} cannot be written: {_reason(error)}.") from None


def output_file(root: Path, *names: str) -> Path:
    """Return the path of a file below `build/` in the root. Raises FileError where it would be outside.

    Each name is one part of the path; a symbolic link on the way is refused.
    """
    for name in names:
        if name in ("", ".", "..") or "/" in name or "\0" in name:
            raise FileError(f"{name!r} is no name for a file below build/: it must be one part of a path.")
    path = root
    for name in ("build", *names):
        path = path / name
        if path.is_symlink():
            raise FileError(
                f"{shown_path(path)} is a symbolic link; remove it, so that the command writes below build/."
            )
    return path


def output_folder(root: Path, given: Path) -> Path:
    """Return the named folder. Raises FileError where it begins with build/ and leads out of it."""
    first, *rest = given.parts or (".",)
    return output_file(root, *rest) if first == "build" else given


def shown_path(path: Path) -> str:
    """Return the path for a message: relative to the current folder where it is inside."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (OSError, ValueError):
        return str(path)


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return "its name holds a character that no file name can have"
