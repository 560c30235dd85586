"""The mark of a run whose data is not saved yet; one that the next run finds tells what was lost."""

from datetime import UTC, datetime
from pathlib import Path

from toolkit.localcloud.private_files import write_private

MARK = "unsaved"


def begin_unsaved(folder: Path, data: Path) -> str | None:
    """Mark the run that begins, and return the sentence about an earlier one that ended without saving.

    `data` is the file that a save writes: its time says since when changes are lost. Raises OSError.
    """
    mark = folder / MARK
    lost = None
    if mark.exists():
        data_is = f"that of {written_at(data)}" if data.exists() else "empty"
        lost = f"The run of {written_at(mark)} was killed: what it changed is lost; the data is {data_is}."
    write_private(mark, b"")
    return lost


def end_unsaved(folder: Path) -> None:
    """Take the mark away: the data is saved."""
    (folder / MARK).unlink(missing_ok=True)


def written_at(file: Path) -> str:
    """Return when the file was written last."""
    return f"{datetime.fromtimestamp(file.stat().st_mtime, UTC):%Y-%m-%d %H:%M} UTC"
