"""JSON from outside is read within limits, and refused in one sentence."""

from pathlib import Path

import pytest

from toolkit.stacks.errors import FileError
from toolkit.stacks.json_documents import parse_json, read_json, read_json_object


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is not JSON, or only a part of it"),
        ("{", "is not JSON, or only a part of it: line 1"),
        ("[" * 100_000, "nested deeper than 100 levels"),
        ("[" * 101 + "]" * 101, "nested deeper than 100 levels"),
        ('{"a":' * 101 + "1" + "}" * 101, "nested deeper than 100 levels"),
        ('{"a": 1, "b": 2, "a": 3}', "'a' is written twice"),
        ("[NaN]", "NaN is no number of JSON"),
        ("[-Infinity]", "-Infinity is no number"),
        ("[1e999]", "a number is too large"),
        ("9" * 5000, "a number has 5000 digits"),
        ("[18446744073709551616]", "has more than 64 bits"),
        ('["\\ud800"]', "half of a surrogate pair"),
        ('{"\\ud800": 1}', "half of a surrogate pair"),
    ],
)
def test_ambiguous_json_is_refused_in_one_sentence(text: str, problem: str) -> None:
    with pytest.raises(FileError, match=rf"^x .*{problem}") as caught:
        parse_json(text, "x")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"\xff\xfe[\x00]\x00", b"[\x80]"])
def test_bytes_that_are_not_utf_8_are_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(FileError, match="is not UTF-8 text: byte"):
        read_json(tmp_path / "x.json")


def test_valid_json_is_read_with_and_without_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('\ufeff{"a": ["\\ud83d\\ude00", 1.5, null]}')
    assert read_json(tmp_path / "x.json") == {"a": ["😀", 1.5, None]}


@pytest.mark.parametrize("text", ["[]", "1", "null", '"a"', "true"])
def test_json_that_is_not_an_object_is_refused_where_one_is_required(text: str, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(FileError, match="must hold a JSON object, not "):
        read_json_object(tmp_path / "x.json")
