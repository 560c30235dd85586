"""Small values with sharp edges: identifiers, cursors, versions in headers, DynamoDB's words."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.clock import uuid7
from api.cursors import Cursors
from api.errors import MalformedRequestError, PreconditionRequiredError, StaleVersionError
from api.items.service import versions_of
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
def test_no_cursor_of_ones_own_invention_is_accepted(owner: str, query: str, last: str, forged: str) -> None:
    try:
        genuine = CURSORS.make(owner, query, last)
    except UnicodeEncodeError:  # a lone surrogate, which no token or identifier holds
        return
    assert CURSORS.read(owner, query, genuine) == last
    if forged != genuine:
        with pytest.raises(MalformedRequestError):
            CURSORS.read(owner, query, forged)


@given(PLAIN)
def test_what_is_written_to_dynamodb_is_read_back(value: Any) -> None:
    assert _value(_attribute(value)) == value


def test_what_dynamodb_would_mangle_is_not_written() -> None:
    with pytest.raises(TypeError, match="not float"):
        _attribute(0.1)


def test_if_match_names_versions_or_any() -> None:
    assert versions_of("*") is None
    assert versions_of('"1", "22"') == [1, 22]
    assert versions_of('"01", W/"2", "\u0663", "1"') == [1], "a tag is compared as it stands"
    with pytest.raises(PreconditionRequiredError):
        versions_of(None)


@given(st.text().filter(lambda text: text.strip() != "*"))
def test_any_other_if_match_is_stale_or_names_versions(header: str) -> None:
    try:
        versions = versions_of(header)
    except StaleVersionError:
        return
    assert versions
    assert header.count('"') >= 2 * len(versions)
