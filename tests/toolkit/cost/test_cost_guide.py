"""docs/cost.md has the tables that the code makes."""

import re

import pytest

from toolkit.cost.guide import FILE, rendered
from toolkit.resource_types.lookup import free_types


def test_tables_of_the_guide_equal_those_of_the_code() -> None:
    text = FILE.read_text(encoding="utf-8")

    assert text == rendered(text), "run: ./stack generate"


@pytest.mark.parametrize("name", ["profile", "prices", "sources", "free"])
def test_table_that_was_emptied_or_changed_is_written_again(name: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    emptied = re.sub(rf"(<!-- table: {name}, .*-->\n)(?:\|.*\n)+", r"\1| an old | row |\n", text)

    assert emptied != text
    assert rendered(emptied) == text


def test_guide_lists_each_free_type_with_its_reason() -> None:
    text = FILE.read_text(encoding="utf-8")

    assert [type_ for type_, why in free_types().items() if f"| `{type_}` | {why} |\n" not in text] == []
