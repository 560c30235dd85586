"""Edits of Python source change what they name, and keep the rest as it is written."""

import pytest

from toolkit.new.source_edits import Source
from toolkit.stacks.errors import FileError

TEXT = '''"""A module."""

from api.items import ITEMS
from api.pages import Pages

# a comment
_USED = 1
_ONLY_ITEMS = 2
ITEM = (_ONLY_ITEMS,)
"""Its text."""
FEATURES = (  # kept as it is
    ITEM,
    Pages,
)
NAMES = {"items": ITEMS, "é": _USED}
'''


def source() -> Source:
    return Source("module.py", TEXT)


def test_elements_are_appended_to_tuples_and_dictionaries() -> None:
    edited = source()
    edited.append("FEATURES", "OTHER")
    edited.append("NAMES", '"other": OTHER')
    assert edited.text == TEXT.replace("    Pages,\n)", "    Pages, OTHER)").replace(
        '"é": _USED}', '"é": _USED, "other": OTHER}'
    )


def test_imports_are_added_once_in_order() -> None:
    edited = source()
    for _ in range(2):
        edited.add_import("from api.orders import ORDERS")
    assert edited.text == TEXT.replace("from api.pages", "from api.orders import ORDERS\nfrom api.pages")


def test_removed_names_take_their_imports_texts_and_unused_private_names_along() -> None:
    edited = source()
    edited.remove_names(["ITEM", "ITEMS"])
    edited.remove_elements("FEATURES", ["ITEM"])
    edited.remove_elements("NAMES", ["items"])
    assert edited.unused_private_names() == {"_ONLY_ITEMS"}
    edited.remove_names(edited.unused_private_names())
    assert edited.text == (
        '"""A module."""\n\nfrom api.pages import Pages\n\n# a comment\n_USED = 1\n'
        'FEATURES = (Pages,)\nNAMES = {"é": _USED}\n'
    )


def test_missing_name_and_text_that_is_no_python_are_refused() -> None:
    with pytest.raises(FileError, match="has no OTHERS any more"):
        source().append("OTHERS", "ITEM")
    with pytest.raises(FileError, match="is not Python"):
        source().append("FEATURES", "two words")
