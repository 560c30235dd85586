"""A run that was killed before it saved is reported by the next one."""

from pathlib import Path

from toolkit.localcloud.unsaved_run import begin_unsaved, end_unsaved


def test_killed_run_is_reported_with_the_time_of_the_data(tmp_path: Path) -> None:
    data = tmp_path / "data.zip"
    assert begin_unsaved(tmp_path, data) is None
    assert (begin_unsaved(tmp_path, data) or "").endswith("was killed: what it changed is lost; the data is empty.")
    data.touch()
    assert "the data is that of 20" in (begin_unsaved(tmp_path, data) or "")


def test_saved_run_is_not_reported(tmp_path: Path) -> None:
    begin_unsaved(tmp_path, tmp_path / "data.zip")
    end_unsaved(tmp_path)
    assert begin_unsaved(tmp_path, tmp_path / "data.zip") is None
