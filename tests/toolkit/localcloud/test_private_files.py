"""Files of the local stack are private to their owner; a full disk loses only log lines."""

from pathlib import Path

import pytest

from toolkit.localcloud.private_files import LogFile, make_private, private_draft, write_private


def test_existing_folder_becomes_private_to_its_owner(tmp_path: Path) -> None:
    folder, outside = tmp_path / "local", tmp_path / "outside"
    (folder / "logs").mkdir(parents=True)
    modes = {folder: 0o755, folder / "logs": 0o777, folder / "data.zip": 0o644, folder / "run": 0o755, outside: 0o644}
    for path, mode in modes.items():
        if not path.exists():
            path.touch()
        path.chmod(mode)
    (folder / "link").symlink_to(outside)
    make_private(folder)
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in modes} == {
        "local": "0o700", "logs": "0o700", "data.zip": "0o600", "run": "0o700", "outside": "0o644",
    }  # fmt: skip


def test_written_file_is_private_whatever_an_earlier_draft_was(tmp_path: Path) -> None:
    draft = tmp_path / "stack.json.unfinished"
    draft.write_text("left by a killed process")
    draft.chmod(0o666)
    write_private(tmp_path / "stack.json", b"{}")
    assert (tmp_path / "stack.json").stat().st_mode & 0o777 == 0o600
    assert not draft.exists()


def fail_halfway(file: Path) -> None:
    with private_draft(file) as draft:
        draft.write(b"half")
        raise OSError(28, "No space left on device")


def test_failed_write_leaves_the_file_unchanged(tmp_path: Path) -> None:
    file = tmp_path / "data.zip"
    file.write_bytes(b"good")
    with pytest.raises(OSError, match="No space"):
        fail_halfway(file)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"good"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_log_on_full_disk_is_reported_once_and_raises_nothing(caplog: pytest.LogCaptureFixture) -> None:
    log = LogFile(Path("/dev/full"))
    for _ in range(3):
        log.write("a line")
    log.close()
    assert caplog.messages == ["/dev/full cannot be written (No space left on device): its lines are lost."]


def test_new_log_file_is_private_to_its_owner(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "logs" / "access.log")
    log.write("a line")
    log.close()
    file = tmp_path / "logs" / "access.log"
    assert (file.read_text(), file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (
        "a line\n", 0o600, 0o700,
    )  # fmt: skip
