"""Every fact from outside tells its source and the day on which it was read; old ones are listed."""

import warnings
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.docs.outside_facts import OutsideFact, facts_in, outside_facts

TODAY = date(2026, 11, 30)


def test_every_source_has_the_day_on_which_it_was_read(root: Path) -> None:
    assert [f"{fact.place} {fact.source}" for fact in outside_facts(root) if not (fact.read or fact.admitted)] == []


@pytest.mark.filterwarnings("default")
def test_sources_read_more_than_180_days_ago_are_listed(root: Path) -> None:
    old = [fact for fact in outside_facts(root) if fact.is_old(datetime.now(UTC).date())]
    for fact in old:
        warnings.warn(f"{fact.place}: {fact.source} was read on {fact.read}; read it again", stacklevel=1)


def test_source_may_be_marked_as_not_verified() -> None:
    (fact,) = facts_in("https://a.example/x (not verified). The other was read 2026-11-30.", "a.md")
    assert (fact.read, fact.admitted) == (None, True)


def test_addresses_of_code_are_no_sources(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "rule.py").write_text('SCHEMA = "https://a.example/x"\n# See https://a.example/y.\n')
    assert [fact.source for fact in outside_facts(tmp_path)] == ["https://a.example/y"]


def test_every_decision_record_tells_its_sources(root: Path) -> None:
    records = sorted((root / "docs" / "adr").glob("*.md"))
    assert [file.name for file in records if "**Sources.**" not in file.read_text()] == []


@pytest.mark.parametrize(("read", "old"), [("2026-06-03", False), ("2026-06-02", True), ("2026-05", True)])
def test_a_source_is_old_after_180_days(read: str, old: bool) -> None:
    (fact,) = facts_in(f"AWS keeps it for a day: https://docs.example.com/a (read {read}).", "a.md")
    assert fact.is_old(TODAY) is old


def test_a_source_takes_the_next_date_of_its_own_paragraph() -> None:
    text = "See https://a.example/x, https://a.example/y (read 2026-11-30).\n\nhttps://a.example/z\n\n2026-11-01"
    assert list(facts_in(text, "a.md")) == [
        OutsideFact("a.md:1", "https://a.example/x", date(2026, 11, 30)),
        OutsideFact("a.md:1", "https://a.example/y", date(2026, 11, 30)),
        OutsideFact("a.md:3", "https://a.example/z", None),
    ]
