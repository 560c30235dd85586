import os
from pathlib import Path
from zipfile import ZipFile

from tests.support.packages import write
from toolkit.package.archive import add_tree, digest

FILES: dict[str, str | bytes] = {
    "b/two.py": "two = 2\n" * 50,
    "a.so": b"\0" * 100,
    "b/__init__.py": "",
    "B/one.json": "{}",
}


def test_zip_depends_only_on_names_and_contents(tmp_path: Path) -> None:
    first, second = (
        write(tmp_path / "here", dict(FILES)),
        write(tmp_path / "else" / "where", dict(reversed(list(FILES.items())))),
    )
    os.utime(second / "a.so", (1, 1))
    (second / "b" / "two.py").chmod(0o600)
    add_tree(tmp_path / "one.zip", first)
    add_tree(tmp_path / "two.zip", second)
    assert digest(tmp_path / "one.zip") == digest(tmp_path / "two.zip")


def test_changed_content_changes_the_digest(tmp_path: Path) -> None:
    add_tree(tmp_path / "one.zip", write(tmp_path / "one", dict(FILES)))
    add_tree(tmp_path / "two.zip", write(tmp_path / "two", FILES | {"b/two.py": "two = 3\n"}))
    assert digest(tmp_path / "one.zip") != digest(tmp_path / "two.zip")


def test_entries_are_sorted_dated_1980_and_readable_by_lambda(tmp_path: Path) -> None:
    add_tree(tmp_path / "one.zip", write(tmp_path / "one", dict(FILES)))
    entries = ZipFile(tmp_path / "one.zip").infolist()
    assert [entry.filename for entry in entries] == ["B/one.json", "a.so", "b/__init__.py", "b/two.py"]
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.create_system for entry in entries} == {3}
    assert {entry.filename: entry.external_attr >> 16 & 0o777 for entry in entries} == {
        "B/one.json": 0o644,
        "a.so": 0o755,
        "b/__init__.py": 0o644,
        "b/two.py": 0o644,
    }
