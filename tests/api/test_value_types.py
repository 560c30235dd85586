"""Identifiers, cursors, entity tags and the conversion of values to DynamoDB attributes."""

import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.clock import uuid7
from api.entity_tags import TAG_LIST, entity_tags, matches, versions_of
from api.errors import MalformedRequestError, PreconditionRequiredError
from api.pages import Cursors
from api.table import _attribute, _value

CURSORS = Cursors(lambda: b"k" * 32)
PLAIN: Any = st.recursive(
    st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10
)


def test_identifiers_are_version_7_and_sort_by_time() -> None:
    start = datetime(2026, 11, 20, tzinfo=UTC)
    made = [uuid7(start + timedelta(milliseconds=step)) for step in range(100)]
    assert made == sorted(made)
    assert {UUID(each).version for each in made} == {7}
    assert int(made[0].replace("-", "")[:12], 16) == int(start.timestamp() * 1000)
    assert len({uuid7(start) for _ in range(100)}) == 100


@given(st.text(), st.text(), st.text(), st.text(max_size=200))
def test_forged_cursor_is_refused(owner: str, query: str, last: str, forged: str) -> None:
    try:
        genuine = CURSORS.make(owner, query, last)
    except UnicodeEncodeError:  # a lone surrogate, which no token or identifier holds
        return
    assert CURSORS.read(owner, query, genuine) == last
    if forged != genuine:
        with pytest.raises(MalformedRequestError):
            CURSORS.read(owner, query, forged)


@given(PLAIN)
def test_value_written_to_dynamodb_is_read_unchanged(value: Any) -> None:
    assert _value(_attribute(value)) == value


def test_value_that_dynamodb_changes_is_rejected() -> None:
    with pytest.raises(TypeError, match="not float"):
        _attribute(0.1)


VERSION = 12


@pytest.mark.parametrize(
    ("header", "versions"),
    [
        ("*", None),
        (" \t* ", None),
        ('"1"', [1]),
        ('"1", "22"', [1, 22]),
        ('"1","1",\t"2"', [1, 2]),
        (',, "1" ,, ,"2",', [1, 2]),
        ('"01", W/"2", "\u0663", "1"', [1]),
        ('"a,b", "1"', [1]),
        ('"1,2", "3"', [3]),
        ('"*"', []),
        ('"\x85\xff\xa0", "1"', [1]),
        ('W/"1"', []),
        ('""', []),
        ("", []),
        (" , ", []),
        (",".join(f'"{number}"' for number in range(1, 1800)), list(range(1, 1800))),
        (",".join(['"x"'] * 2500 + ['"7"']), [7]),
    ],
)
def test_every_entity_tag_of_if_match_is_parsed(header: str, versions: list[int] | None) -> None:
    assert versions_of(header) == versions


@pytest.mark.parametrize("header", ["1", "nonsense", '"1', '1"', '"1" "2"', '"1", *', '*, "1"', '**', 'w/"1"', 'W/ "1"',
                                    '"1"x', '"a b"', '"a"b"', "'1'", '"\x7f"', '"1";"2"', '\xa0"1"'])  # fmt: skip
def test_malformed_entity_tag_list_is_rejected(header: str) -> None:
    with pytest.raises(MalformedRequestError, match="If-Match is not"):
        versions_of(header)
    with pytest.raises(MalformedRequestError, match="If-None-Match is not"):
        matches(header, VERSION)
    assert not re.search(TAG_LIST, header)


def test_change_without_if_match_is_428() -> None:
    with pytest.raises(PreconditionRequiredError):
        versions_of(None)


@pytest.mark.parametrize(
    ("header", "known"),
    [
        (None, False),
        ("*", True),
        ('"12"', True),
        ('W/"12"', True),
        (",".join(f'"{number}"' for number in range(1000, 2000)) + ', W/"12"', True),
        ('"112", "1,12", "012"', False),
        ("", False),
    ],
)
def test_if_none_match_compares_weakly(header: str | None, known: bool) -> None:
    assert matches(header, VERSION) is known


def test_header_of_many_blanks_is_parsed_in_linear_time() -> None:
    began = time.process_time()
    for header in (" " * 10_000 + "x", " ," * 5_000 + "x", '"1" ' * 2_500):
        with pytest.raises(MalformedRequestError):
            entity_tags("If-Match", header)
        assert not re.search(TAG_LIST, header)
    assert time.process_time() - began < 1


@given(st.lists(st.sampled_from(['"1"', 'W/"2"', '"a,b"', "*", "", " ", "\t", ",", '"', "x", "W/", "\n"])))
def test_documented_format_of_entity_tag_list_is_the_accepted_one(parts: list[str]) -> None:
    header = "".join(parts)
    try:
        entity_tags("If-Match", header)
    except MalformedRequestError:
        assert not re.fullmatch(TAG_LIST, header)
    else:
        assert re.fullmatch(TAG_LIST, header)
