"""What a change costs, resource by resource."""

from typing import Any

import pytest

from tests.support.policy_servicer import Subject
from tests.support.priced import priced, service
from toolkit.cost.delta import compare
from toolkit.resource_types.cloudwatch import DASHBOARD
from toolkit.resource_types.kms import KEY

USE: dict[str, Any] = {"requests": 1_000_000, "duration_ms": 100}


def sized(memory: int) -> tuple[Subject, ...]:
    return service(20, {"memorySize": memory, "architectures": ["arm64"], "timeout": 10})


def test_changes_are_classified_and_sorted_by_cost() -> None:
    before = priced(*sized(512), Subject(KEY, {}, "old-key"), **USE)
    after = priced(*sized(1024), Subject(DASHBOARD, {}, "page"), **USE)
    delta = compare(before, after)

    # + 3.00 for the page, - 1.00 for the key, ~ 0.5 GB x 100,000 s x 0.0000133334 = 0.66667 for the function
    assert [(one.sign, one.name, round(one.expected_change, 4)) for one in delta.changes] == [
        ("+", "page", 3.0),
        ("-", "old-key", -1.0),
        ("~", "function", 0.6667),
    ]
    assert delta.expected_change == pytest.approx(2.66667)
    assert delta.after.expected == pytest.approx(delta.before.expected + 2.66667)


def test_only_changed_lines_of_a_resource_are_listed() -> None:
    (change,) = compare(priced(*sized(512), **USE), priced(*sized(1024), **USE)).changes

    assert [item for item, _, _ in change.items] == ["lambda-arm64"]


def test_new_resource_without_cost_is_listed() -> None:
    (change,) = compare(priced(), priced(Subject("aws:s3/bucket:Bucket", {}, "bucket"))).changes

    assert (change.sign, change.expected_change) == ("+", 0)


def test_change_of_the_worst_month_only_is_listed() -> None:
    slow, quick = (service(rate, {"reservedConcurrentExecutions": 10}) for rate in (10, 100))
    delta = compare(priced(*slow, **USE), priced(*quick, **USE))

    assert delta.expected_change == 0
    # 90 x 2,678,400 = 241.056 M requests more: x 20 units x 0.90 per M; and x 0.20 for the function
    changes = {one.name: one for one in delta.changes}
    assert changes["stage"].items == ()
    assert changes["stage"].worst_change == pytest.approx(241.056 * 20 * 0.90)
    assert changes["function"].worst_change == pytest.approx(241.056 * 0.20)
    assert [item for item, _, _ in changes["function"].worst_items] == ["lambda-requests"]
    assert delta.worst_change == pytest.approx(sum(one.worst_change for one in delta.changes))


def test_stack_compared_with_itself_has_no_changes() -> None:
    assert compare(priced(*sized(512), **USE), priced(*sized(512), **USE)).changes == ()
