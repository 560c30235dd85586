"""Files are read only where they end, and written at once or not at all."""

import os
import socket
from pathlib import Path

import pytest

from toolkit.stacks.errors import FileError
from toolkit.stacks.files import output_file, read_file, read_text, write_file


def test_named_pipe_is_refused_without_reading(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileError, match="is a pipe or a device"):
        read_file(tmp_path / "pipe")


def test_endless_device_is_refused() -> None:
    with pytest.raises(FileError, match=r"^/dev/zero is a pipe or a device"):
        read_file(Path("/dev/zero"))


def test_file_above_the_limit_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(2**30)
    with pytest.raises(FileError, match="has more than 67,108,864 bytes"):
        read_file(tmp_path / "large")


def test_file_that_cannot_be_opened_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "broken").symlink_to("nowhere")
    (tmp_path / "file").write_text("")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
    for name, reason in {
        "loop": "Too many levels of symbolic links",
        "broken": "No such file or directory",
        "none": "No such file or directory",
        "file/below": "Not a directory",
        "n" * 300: "File name too long",
        "a\0b": "no file name can have",
        "": "Is a directory",
        "socket": "No such device or address",
    }.items():
        with pytest.raises(FileError, match=f"cannot be read: .*{reason}"):
            read_file(tmp_path / name)


def test_text_that_is_not_utf_8_is_refused_with_its_position(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"caf\xe9")
    with pytest.raises(FileError, match="latin is not UTF-8 text: byte 3 is 0xe9"):
        read_text(tmp_path / "latin")


def test_written_file_keeps_its_mode_and_no_temporary_file_remains(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "file"
    write_file(file, "one")
    file.chmod(0o640)
    write_file(file, b"two")
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("two", 0o640)
    assert [path.name for path in file.parent.iterdir()] == ["file"]


def test_failed_write_keeps_the_old_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_text("one")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match="file cannot be written: No space left on device"):
        write_file(file, "two")
    assert (file.read_text(), [path.name for path in tmp_path.iterdir()]) == ("one", ["file"])


@pytest.mark.parametrize("target", ["file/below", "n" * 300, "a\0b"])
def test_error_of_a_failed_write_names_the_path(target: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="cannot be written: "):
        write_file(tmp_path / target, "x")


@pytest.mark.parametrize("name", ["..", ".", "", "a/b", "../x", "/etc", "a\0"])
def test_output_path_outside_build_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="is no name for a file below build/"):
        output_file(tmp_path, "drift", name)


def test_output_path_through_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "drift").symlink_to(tmp_path)
    with pytest.raises(FileError, match="build/drift is a symbolic link"):
        output_file(tmp_path, "drift", "dev.json")
    assert output_file(tmp_path, "plan", "dev.json") == tmp_path / "build" / "plan" / "dev.json"
