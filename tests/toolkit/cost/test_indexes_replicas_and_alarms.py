"""The units of indexes, replicas, key rotations, high-resolution alarms and trails."""

from dataclasses import replace
from typing import Any

import pytest

from tests.support.policy_servicer import Subject
from tests.support.priced import expected, priced, service, worst
from toolkit.resource_types.budgets import BUDGET_ACTION
from toolkit.resource_types.cloudtrail import TRAIL
from toolkit.resource_types.cloudwatch import COMPOSITE_ALARM, METRIC_ALARM
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.kms import KEY, REPLICA_KEY
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.resource_types.secretsmanager import SECRET
from toolkit.resource_types.sns import TOPIC_SUBSCRIPTION

MILLION = 1_000_000
SECONDS = 2_678_400


def table(**properties: Any) -> tuple[Subject, ...]:
    """A table that the function of a service knows."""
    subject = Subject(TABLE, {"billingMode": "PAY_PER_REQUEST", **properties}, "table")
    knowing = tuple(
        replace(one, dependencies={**one.dependencies, "environment": ("table",)}) if one.type == FUNCTION else one
        for one in service()
    )
    return (*knowing, subject)


def most(read: int, write: int) -> dict[str, Any]:
    return {"onDemandThroughput": {"maxReadRequestUnits": read, "maxWriteRequestUnits": write}}


@pytest.mark.parametrize(
    ("projection", "writes"),
    [({"projectionType": "ALL"}, 3), ({"projectionType": "INCLUDE"}, 3), ({"projectionType": "KEYS_ONLY"}, 1), ({}, 3)],
)
def test_index_uses_write_units_for_its_projected_attributes(projection: dict[str, Any], writes: int) -> None:
    index = {"name": "by-day", **projection}
    use: dict[str, Any] = {"requests": MILLION, "writes_per_request": 1, "reads_per_request": 1, "table_item_kb": 3}
    one = priced(*table(globalSecondaryIndexes=[index]), **use)

    # 3 units for the table and those of the index, x 0.625 per M; reads are counted once
    assert expected(one, "dynamodb-writes") == pytest.approx((3 + writes) * 0.625)
    assert expected(one, "dynamodb-reads") == pytest.approx(0.125)


def test_storage_of_indexes_is_priced_in_addition_to_the_table() -> None:
    indexes = [{"name": "whole", "projectionType": "ALL"}, {"name": "keys", "projectionType": "KEYS_ONLY"}]
    one = priced(
        *table(globalSecondaryIndexes=indexes, pointInTimeRecovery={"enabled": True}),
        table_items=1_048_576,
        table_item_kb=4,
    )

    # 4 GB, 4 GB and 1 GB x 0.25; recovery copies the table alone: 4 x 0.20
    assert expected(one, "dynamodb-storage") == pytest.approx(9 * 0.25)
    assert expected(one, "dynamodb-recovery") == pytest.approx(0.80)


def test_local_index_uses_the_units_and_the_recovery_of_its_table() -> None:
    local = [{"name": "by-size", "projectionType": "ALL"}]
    one = priced(
        *table(localSecondaryIndexes=local, pointInTimeRecovery={"enabled": True}, **most(10, 10)),
        requests=MILLION,
        writes_per_request=1,
        table_items=1_048_576,
    )

    assert expected(one, "dynamodb-writes") == pytest.approx(2 * 0.625)
    assert expected(one, "dynamodb-recovery") == pytest.approx(2 * 0.20)
    assert worst(one, "dynamodb-writes") == pytest.approx(10 * SECONDS / MILLION * 0.625)


@pytest.mark.parametrize(
    ("limits", "writes", "reads"),
    [(most(5, 7), 7, 5), ({}, 20, 40_000), (most(5, 100), 20, 5), (most(-1, -1), 20, 40_000)],
)
def test_worst_month_of_an_index_has_its_limits_and_at_most_two_writes_for_each_of_the_table(
    limits: dict[str, Any], writes: int, reads: int
) -> None:
    one = priced(*table(globalSecondaryIndexes=[{"name": "by-day", **limits}], **most(10, 10)))

    # the table's 10 units each way; one write changes two entries of an index at most
    assert worst(one, "dynamodb-writes") == pytest.approx((10 + writes) * SECONDS / MILLION * 0.625)
    assert worst(one, "dynamodb-reads") == pytest.approx((10 + reads) * SECONDS / MILLION * 0.125)


def test_index_of_a_provisioned_table_has_its_own_capacity() -> None:
    index = {"name": "by-day", "readCapacity": 3, "writeCapacity": 4}
    one = priced(Subject(TABLE, {"readCapacity": 1, "writeCapacity": 2, "globalSecondaryIndexes": [index]}, "table"))

    assert expected(one, "dynamodb-write-capacity") == pytest.approx(6 * 730 * 0.00065)
    assert expected(one, "dynamodb-read-capacity") == pytest.approx(4 * 730 * 0.00013)


def test_replica_of_a_table_has_the_prices_of_its_region() -> None:
    replica = {"regionName": "eu-central-1", "pointInTimeRecovery": True}
    one = priced(
        *table(replicas=[replica], **most(10, 10)), requests=MILLION, writes_per_request=1, table_items=1_048_576
    )

    assert expected(one, "dynamodb-writes") == pytest.approx(0.625 + 0.7625)
    assert expected(one, "dynamodb-storage") == pytest.approx(0.25 + 0.306)
    assert expected(one, "dynamodb-recovery") == pytest.approx(0.2448)
    assert worst(one, "dynamodb-reads") == pytest.approx(10 * SECONDS / MILLION * (0.125 + 0.1525))
    # 10 units of 1 KB a second leave the region at most
    assert worst(one, "data-between-regions") == pytest.approx(10 * SECONDS / 1_048_576 * 0.02)


def test_replica_of_a_secret_costs_as_much_as_a_secret() -> None:
    one = priced(Subject(SECRET, {"replicas": [{"region": "eu-central-1"}, {"region": "eu-west-1"}]}, "secret"))

    assert expected(one, "secrets") == pytest.approx(3 * 0.40)


@pytest.mark.parametrize("type_", [KEY, REPLICA_KEY])
def test_worst_month_of_a_key_includes_two_rotations(type_: str) -> None:
    rotated, plain = (priced(Subject(type_, {"enableKeyRotation": on}, "key")) for on in (True, False))

    assert [expected(one, "kms-keys") for one in (rotated, plain)] == [1.0, 1.0]
    assert [worst(one, "kms-keys") for one in (rotated, plain)] == [3.0, 1.0]


def test_actions_of_one_budget_share_its_days() -> None:
    actions = [Subject(BUDGET_ACTION, {"budgetName": name}, f"{name}-{n}") for n in (1, 2) for name in ("one", "two")]
    one = priced(*actions)

    assert expected(one, "budget-actions") == pytest.approx(2 * 730 / 24 * 0.10)
    # 62 days of both budgets' 60.8 are free
    assert expected(priced(*actions, account_kind="credits"), "budget-actions") == 0


@pytest.mark.parametrize(
    ("properties", "alarms"),
    [
        ({}, 1),
        ({"metricQueries": [{"metric": {"period": 60}}, {"expression": "m1 / 2"}]}, 1),
        ({"metricQueries": [{"metric": {}}, {"expression": "ANOMALY_DETECTION_BAND(m1, 2)"}]}, 3),
    ],
)
def test_anomaly_alarm_costs_three_times_a_standard_alarm(properties: dict[str, Any], alarms: int) -> None:
    assert expected(priced(Subject(METRIC_ALARM, properties, "alarm")), "alarms") == pytest.approx(alarms * 0.10)


def test_alarm_on_an_expression_with_a_high_resolution_metric_has_the_high_resolution_price() -> None:
    one = priced(Subject(METRIC_ALARM, {"metricQueries": [{"metric": {"period": 10}}]}, "alarm"))

    assert expected(one, "alarms-quick") == pytest.approx(0.30)


def test_composite_and_high_resolution_alarms_send_mail() -> None:
    mail = Subject(TOPIC_SUBSCRIPTION, {"protocol": "email"}, "mail")
    alarms = (Subject(COMPOSITE_ALARM, {}, "any"), Subject(METRIC_ALARM, {"period": 10}, "quick"))

    # 1 + 6 messages a minute x 44,640 minutes x 2.00 per 100,000
    assert worst(priced(mail, *alarms), "sns-emails") == pytest.approx(7 * 44_640 * 0.00002)


def test_trail_pays_for_its_files_and_not_for_the_first_copy_of_events() -> None:
    one = priced(Subject(TRAIL, {"isMultiRegionTrail": True, "enableLogFileValidation": True}, "trail"))

    # 2 regions x 12 files and 17 digests an hour, x 730 h x 0.005 per 1,000
    assert expected(one, "s3-writes") == pytest.approx((24 + 17) * 730 * 0.000005)
    assert expected(one, "trail-events") == 0
