"""A lifecycle rule is reported where it deletes more than the rules before, or earlier."""

from typing import Any

import pytest

from tests.support.steps import step
from toolkit.pipeline.deploy.data_loss import data_losses_in
from toolkit.resource_types.s3 import BUCKET_LIFECYCLE as LIFECYCLE
from toolkit.stacks.marks import UNKNOWN_TEXT

Rule = dict[str, Any]


def current(days: Any = 30, **more: Any) -> Rule:
    return {"id": "rule", "status": "Enabled", "expiration": {"days": days}, **more}


def old(days: Any = 30, keep: Any = None, **more: Any) -> Rule:
    kept = {} if keep is None else {"newerNoncurrentVersions": keep}
    return {"status": "Enabled", "noncurrentVersionExpiration": {"noncurrentDays": days, **kept}, **more}


def under(prefix: Any, **bounds: Any) -> Rule:
    return {"filter": {"prefix": prefix, **bounds}}


def tagged(*names: str) -> Rule:
    return {"filter": {"and": {"tags": dict.fromkeys(names, "yes")}}}


TAG = {"filter": {"tag": {"key": "tmp", "value": "yes"}}}
MORE = [
    pytest.param([], [current()], id="objects expire"),
    pytest.param([current(30)], [current(1)], id="objects expire earlier"),
    pytest.param([current(30)], [current("1")], id="a number as a text"),
    pytest.param([current(30)], [current("soon")], id="no number"),
    pytest.param([current(30)], [current(UNKNOWN_TEXT)], id="objects expire after an unknown time"),
    pytest.param([current()], [{**current(), "expiration": {"date": "2020-01-01"}}], id="objects expire on a day"),
    pytest.param([], [{**current(), "expiration": UNKNOWN_TEXT}], id="an unknown expiration"),
    pytest.param([], UNKNOWN_TEXT, id="unknown rules"),
    pytest.param([current()], [current(), UNKNOWN_TEXT], id="an unknown rule"),
    pytest.param([{**current(), "status": "Disabled"}], [current()], id="a rule is switched on"),
    pytest.param([old(90)], [old(1)], id="old versions expire earlier"),
    pytest.param([], [old(3650)], id="old versions expire"),
    pytest.param([old(30, 5)], [old(30, 1)], id="fewer old versions stay"),
    pytest.param([old(30, "5")], [old(30, "1")], id="fewer old versions stay, as texts"),
    pytest.param([old(30, 5)], [old(30)], id="no old versions stay"),
    pytest.param([old(30)], [current(30)], id="objects instead of old versions"),
    pytest.param([current(**under("logs/2020/"))], [current(**under("logs/"))], id="a shorter prefix"),
    pytest.param([current(**under("logs/"))], [current(**under("data/"))], id="another prefix"),
    pytest.param([current(prefix="tmp/")], [current(prefix="")], id="a rule's own prefix"),
    pytest.param([current(**under("tmp/"))], [current(**under(UNKNOWN_TEXT))], id="an unknown prefix"),
    pytest.param([current(**under("tmp/"))], [current(filter=UNKNOWN_TEXT)], id="an unknown filter"),
    pytest.param([current(**TAG)], [current()], id="a tag less"),
    pytest.param([current(**tagged("a", "b"))], [current(**tagged("a"))], id="one of two tags less"),
    pytest.param(
        [current(**under("", objectSizeGreaterThan=100))], [current(**under("", objectSizeGreaterThan=1))], id="smaller"
    ),
    pytest.param(
        [current(**under("", objectSizeGreaterThan="100"))],
        [current(**under("", objectSizeGreaterThan="1"))],
        id="smaller, as texts",
    ),
    pytest.param(
        [current(**under("", objectSizeLessThan=100))], [current(**under("", objectSizeLessThan=200))], id="larger"
    ),
    pytest.param([current(**under("a/"))], [current(**under("a/")), current(**under("b/"))], id="a rule more"),
]


def losses(before: Any, after: Any) -> list[str]:
    return [each.what for each in data_losses_in([step(LIFECYCLE, "update", {"rules": before}, {"rules": after})])]


@pytest.mark.parametrize(("before", "after"), MORE)
def test_lifecycle_rule_that_deletes_more_or_earlier_is_reported(before: Any, after: Any) -> None:
    assert len(losses(before, after)) == 1


@pytest.mark.parametrize(("before", "after"), [case for case in MORE if case.values[1] != UNKNOWN_TEXT])
def test_unchanged_lifecycle_rule_is_not_reported(before: Any, after: Any) -> None:
    assert losses(after, [*after]) == []
    assert losses(before, before) == []


LESS = [
    pytest.param([current(1)], [current(30)], id="objects expire later"),
    pytest.param([current()], [], id="objects stay"),
    pytest.param([current()], [{**current(), "status": "Disabled"}], id="a rule is switched off"),
    pytest.param([old(1)], [old(90)], id="old versions expire later"),
    pytest.param([old(30)], [old(30, 5)], id="old versions stay"),
    pytest.param([current(**under("logs/"))], [current(**under("logs/2020/"))], id="a longer prefix"),
    pytest.param([current()], [current(**TAG)], id="a tag more"),
    pytest.param([current()], [current(), current(60, **under("logs/"))], id="a rule inside another"),
    pytest.param([], [{"status": "Enabled", "abortIncompleteMultipartUpload": {"daysAfterInitiation": 1}}], id="parts"),
    pytest.param([], [{**current(), "expiration": {"expiredObjectDeleteMarker": True}}], id="markers"),
    pytest.param(
        [], [{"status": "Enabled", "transitions": [{"days": 1, "storageClass": "GLACIER"}]}], id="another class"
    ),
]


@pytest.mark.parametrize(("before", "after"), LESS)
def test_lifecycle_rule_that_deletes_less_or_later_is_not_reported(before: Any, after: Any) -> None:
    assert losses(before, after) == []


def test_report_names_the_lifecycle_rule_and_its_time() -> None:
    assert losses([], [current(7)]) == ["deletes current objects after 7 days (rule rule)"]
