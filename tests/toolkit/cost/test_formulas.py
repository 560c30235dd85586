"""Each thing on the price list against a sum worked by hand, at the prices of us-east-1."""

from dataclasses import replace
from typing import Any

import pytest

from tests.support.policy_servicer import Subject
from tests.support.priced import GB, expected, priced, rest_service, service
from toolkit.cost.prices import list_prices
from toolkit.resource_types.budgets import BUDGET_ACTION
from toolkit.resource_types.cloudfront import DISTRIBUTION
from toolkit.resource_types.cloudtrail import TRAIL
from toolkit.resource_types.cloudwatch import (
    COMPOSITE_ALARM,
    DASHBOARD,
    LOG_DELIVERY_DESTINATION,
    LOG_GROUP,
    METRIC_ALARM,
)
from toolkit.resource_types.cognito import USER_POOL, USER_POOL_CLIENT
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.ec2 import NAT_GATEWAY
from toolkit.resource_types.kms import KEY
from toolkit.resource_types.lambda_ import EVENT_SOURCE_MAPPING, FUNCTION, PROVISIONED_CONCURRENCY
from toolkit.resource_types.route53 import ZONE
from toolkit.resource_types.s3 import BUCKET
from toolkit.resource_types.scheduler import SCHEDULE
from toolkit.resource_types.secretsmanager import SECRET
from toolkit.resource_types.sns import TOPIC, TOPIC_SUBSCRIPTION
from toolkit.resource_types.sqs import QUEUE
from toolkit.resource_types.wafv2 import WEB_ACL, WEB_ACL_LOGGING

MILLION = 1_000_000
ARM = {"architectures": ["arm64"], "memorySize": 1024, "timeout": 29}
ON_DEMAND = {"billingMode": "PAY_PER_REQUEST"}


def knowing(*names: str) -> tuple[Subject, ...]:
    """A service whose function knows these resources by its environment."""
    return tuple(
        replace(one, dependencies={**one.dependencies, "environment": names}) if one.type == FUNCTION else one
        for one in service(None, ARM)
    )


SERVICE = service(None, ARM)
READY = Subject(
    PROVISIONED_CONCURRENCY,
    {"provisionedConcurrentExecutions": 2},
    "ready",
    dependencies={"functionName": ("function",)},
)
ACCESS = tuple(
    replace(one, dependencies={**one.dependencies, "accessLogSettings": ("access",)}) if one.name == "stage" else one
    for one in (*SERVICE, Subject(LOG_GROUP, {"retentionInDays": 30}, "access"))
)
SNAPPED = service(None, {**ARM, "snapStart": {"applyOn": "PublishedVersions"}})
ALARM = Subject(METRIC_ALARM, {}, "alarm")
RECORDED = (
    Subject(LOG_GROUP, {"retentionInDays": 30}, "logs"),
    Subject(TRAIL, {}, "trail", dependencies={"cloudWatchLogsGroupArn": ("logs",)}),
)

QUEUE_AND_READER = (
    Subject(QUEUE, {}, "queue"),
    Subject(EVENT_SOURCE_MAPPING, {}, "reads", dependencies={"eventSourceArn": ("queue",)}),
)
# item, resources, use, and the sum as it is worked by hand
SUMS: list[tuple[str, tuple[Subject, ...], dict[str, Any], float]] = [
    ("lambda-requests", SERVICE, {"requests": 3 * MILLION}, 0.60),  # 3 M x 0.20
    ("lambda-arm64", SERVICE, {"requests": MILLION, "duration_ms": 100}, 1.33334),  # 1 GB x 100,000 s x 0.0000133334
    ("lambda-x86", service(None, {}), {"requests": MILLION, "duration_ms": 80}, 0.16666700),  # 128 MB: 10,000 GB-s
    (
        "lambda-arm64",  # 1 M x 0.01 x 1 s to start = 10,000 GB-s more
        SERVICE,
        {"requests": MILLION, "duration_ms": 100, "cold_start_share": 0.01, "cold_start_ms": 1000},
        1.466674,
    ),
    ("lambda-provisioned-arm64", (*SERVICE, READY), {}, 17.52035),  # 2 x 1 GB x 2,628,000 s x 0.0000033334
    (
        "lambda-in-provisioned-arm64",  # all calls find an instance ready: 100,000 GB-s x 0.0000077778
        (*SERVICE, READY),
        {"requests": MILLION, "duration_ms": 100},
        0.77778,
    ),
    ("lambda-provisioned-x86", (*service(), READY), {}, 2.73752),  # 2 x 0.125 GB x 2,628,000 s x 0.0000041667
    ("lambda-in-provisioned-x86", (*service(), READY), {"requests": MILLION, "duration_ms": 80}, 0.097222),
    ("lambda-snapshot-cache", SNAPPED, {"snapstart_versions": 2}, 7.90818),  # 2 x 1 GB x 2,628,000 s x 0.0000015046
    (
        "lambda-snapshot-restore",  # 1 M x 0.01 x 1 GB x 0.0001397998
        SNAPPED,
        {"requests": MILLION, "cold_start_share": 0.01, "cold_start_ms": 0},
        1.397998,
    ),
    (
        "lambda-storage",  # (1,536 - 512) MB = 1 GB x 100,000 s x 0.0000000309
        service(None, {"ephemeralStorage": {"size": 1536}, "timeout": 29}),
        {"requests": MILLION, "duration_ms": 100},
        0.00309,
    ),
    (
        "traces",  # 2,628,000 of the seconds and 5 % of 2,372,000 others = 2,746,600 x 5.00 per M
        service(None, {"tracingConfig": {"mode": "Active"}}),
        {"requests": 5 * MILLION},
        13.733,
    ),
    ("custom-metrics", SERVICE, {"custom_metrics": 7}, 2.10),  # 7 x 0.30
    ("http-api-requests", SERVICE, {"requests": 3 * MILLION}, 3.00),
    ("rest-api-requests", rest_service(ARM), {"requests": 3 * MILLION}, 10.50),  # 3 x 3.50
    ("data-out", SERVICE, {"requests": 1_048_576, "response_kb": 10}, 0.90),  # 10 GB x 0.09
    ("logs-vended", SERVICE, {"requests": MILLION, "log_bytes_per_request": 2 * GB / MILLION}, 1.00),  # 2 GB x 0.50
    ("logs-ingest", RECORDED, {"management_events": MILLION}, 0.931323),  # 1 M x 2,000 bytes = 1.862645 GB x 0.50
    ("logs-storage", SERVICE, {"requests": MILLION, "log_bytes_per_request": 2 * GB / MILLION}, 0.0592105),  # 1.974 GB
    ("logs-vended", ACCESS, {"requests": MILLION, "access_log_bytes_per_request": GB / MILLION}, 0.50),
    (
        "dynamodb-writes",  # 2 M x 0.5 x 2 KB = 2 M units x 0.625, and as many for the index
        (*knowing("table"), Subject(TABLE, {**ON_DEMAND, "globalSecondaryIndexes": [{"name": "by-day"}]}, "table")),
        {"requests": 2 * MILLION, "writes_per_request": 0.5, "table_item_kb": 2},
        2.50,
    ),
    (
        "dynamodb-reads",  # 2 M x 3 x 2 units (of 4 KB each for 5 KB) = 12 M x 0.125
        (*knowing("table"), Subject(TABLE, ON_DEMAND, "table")),
        {"requests": 2 * MILLION, "reads_per_request": 3, "table_item_kb": 5},
        1.50,
    ),
    ("dynamodb-write-capacity", (Subject(TABLE, {"writeCapacity": 10}, "table"),), {}, 4.745),  # 10 x 730 x 0.00065
    ("dynamodb-read-capacity", (Subject(TABLE, {"readCapacity": 10}, "table"),), {}, 0.949),  # 10 x 730 x 0.00013
    (
        "dynamodb-storage",
        (Subject(TABLE, ON_DEMAND, "table"),),
        {"table-items": 1_048_576, "table_item_kb": 4},
        1.00,
    ),  # 4 GB x 0.25
    (
        "dynamodb-recovery",  # 4 GB x 0.20
        (Subject(TABLE, {**ON_DEMAND, "pointInTimeRecovery": {"enabled": True}}, "table"),),
        {"table-items": 1_048_576, "table_item_kb": 4},
        0.80,
    ),
    ("cognito-lite", (Subject(USER_POOL, {"userPoolTier": "LITE"}, "pool"),), {"monthly_active_users": 1000}, 5.50),
    ("cognito-essentials", (Subject(USER_POOL, {}, "pool"),), {"monthly_active_users": 1000}, 15.00),
    ("cognito-plus", (Subject(USER_POOL, {"userPoolTier": "PLUS"}, "pool"),), {"monthly_active_users": 1000}, 20.00),
    (
        "cognito-machine-tokens",  # 4,000 x 2.25 per 1,000
        (
            Subject(USER_POOL_CLIENT, {"allowedOauthFlows": ["client_credentials"]}, "client"),
            Subject(USER_POOL_CLIENT, {}, "web"),
        ),
        {"machine_tokens": 4000},
        9.00,
    ),
    (
        "alarms",
        (ALARM, Subject(METRIC_ALARM, {"metricQueries": [{"metric": {}}, {"metric": {}}, {}]}, "two")),
        {},
        0.30,
    ),
    ("alarms-quick", (Subject(METRIC_ALARM, {"period": 10}, "alarm"),), {}, 0.30),
    ("alarms-composite", (Subject(COMPOSITE_ALARM, {}, "alarm"),), {}, 0.50),
    ("dashboards", (Subject(DASHBOARD, {}, "page"),), {}, 3.00),
    ("sqs-requests", QUEUE_AND_READER, {}, 0.2628),  # 5 pollers x 2,628,000 s / 20 s x 0.40 per M
    (
        "sqs-fifo-requests",
        (Subject(QUEUE, {"fifoQueue": True}, "queue"), QUEUE_AND_READER[1]),
        {},
        0.3285,
    ),  # 657,000 x 0.50 per M
    (
        "scheduler-invocations",
        (Subject(SCHEDULE, {"scheduleExpression": "rate(1 minute)"}, "often"),),
        {},
        0.0438,
    ),  # 43,800 x 1 per M
    ("sns-publishes", (ALARM, Subject(TOPIC, {}, "topic")), {"alerts": 10_000}, 0.005),  # x 0.50 per M
    (
        "sns-emails",
        (ALARM, Subject(TOPIC_SUBSCRIPTION, {"protocol": "email"}, "mail")),
        {"alerts": 10_000},
        0.20,
    ),  # x 2 per 100 k
    ("s3-storage", (Subject(BUCKET, {}, "bucket"),), {"objects_gb": 100}, 2.30),
    ("s3-writes", (Subject(BUCKET, {}, "bucket"),), {"object_puts": 10_000}, 0.05),
    ("s3-reads", (Subject(BUCKET, {}, "bucket"),), {"object_gets": 10_000}, 0.004),
    ("data-out", (Subject(BUCKET, {}, "bucket"),), {"object_gets": 1024, "object_kb": 1024}, 0.09),  # 1 GB
    ("kms-keys", (Subject(KEY, {}, "key"),), {}, 1.00),
    ("kms-requests", (Subject(KEY, {}, "key"),), {"kms_requests": 50_000}, 0.15),  # 5 x 0.03
    ("secrets", (Subject(SECRET, {}, "secret"),), {}, 0.40),
    (
        "secret-reads",  # 10 M x 0.01 starts x 0.05 per 10,000
        (*knowing("secret"), Subject(SECRET, {}, "secret")),
        {"requests": 10 * MILLION, "cold_start_share": 0.01},
        0.50,
    ),
    ("budget-actions", (Subject(BUDGET_ACTION, {}, "action"),), {}, 3.0416667),  # 730 h / 24 x 0.10
    (
        "trail-events",  # those of the second trail: 200,000 x 2.00 per 100,000
        (Subject(TRAIL, {}, "first"), Subject(TRAIL, {}, "second")),
        {"management_events": 200_000},
        4.00,
    ),
    (
        "data-between-regions",  # 1 M x 1 x 1,073.74 bytes = 1 GB x 0.02
        (*knowing("table"), Subject(TABLE, {**ON_DEMAND, "replicas": [{"regionName": "eu-central-1"}]}, "table")),
        {"requests": 1_048_576, "writes_per_request": 1},
        0.02,
    ),
    ("nat-gateways", (Subject(NAT_GATEWAY, {}, "gateway"),), {}, 32.85),  # 730 h x 0.045
    ("firewalls", (Subject(WEB_ACL, {}, "acl"),), {}, 5.00),
    ("firewall-rules", (Subject(WEB_ACL, {"rules": [{"name": "a"}, {"name": "b"}]}, "acl"),), {}, 2.00),
    ("firewall-requests", (Subject(WEB_ACL, {}, "acl"),), {"requests": 10 * MILLION}, 6.00),
    ("edge-requests", (Subject(DISTRIBUTION, {}, "edge"),), {"requests": 10 * MILLION}, 10.00),  # x 0.01 per 10,000
    ("edge-data-out", (Subject(DISTRIBUTION, {}, "edge"),), {"requests": 1_048_576, "response_kb": 10}, 0.85),
    ("dns-zones", (Subject(ZONE, {}, "zone"),), {}, 0.50),
]


@pytest.mark.parametrize(("item", "subjects", "use", "sum_"), SUMS, ids=[entry[0] for entry in SUMS])
def test_cost_of_each_item_equals_the_manual_calculation(
    item: str, subjects: tuple[Subject, ...], use: dict[str, Any], sum_: float
) -> None:
    assert expected(priced(*subjects, **use), item) == pytest.approx(sum_, rel=1e-5)


def test_every_item_of_the_list_has_a_manual_calculation() -> None:
    assert {entry[0] for entry in SUMS} == set(list_prices().prices)


def test_data_of_an_api_behind_a_distribution_is_priced_at_the_distribution() -> None:
    one = priced(*SERVICE, Subject(DISTRIBUTION, {}, "edge"), requests=MILLION, response_kb=10)

    assert expected(one, "data-out") == 0
    assert expected(one, "edge-data-out") > 0


@pytest.mark.parametrize(
    ("type_", "by"),
    [(LOG_DELIVERY_DESTINATION, "deliveryDestinationConfiguration"), (WEB_ACL_LOGGING, "logDestinationConfigs")],
)
def test_logs_of_the_distribution_are_priced_and_unbounded(type_: str, by: str) -> None:
    logs = Subject(LOG_GROUP, {"retentionInDays": 30}, "logs")
    one = priced(
        logs,
        Subject(type_, {}, "to", dependencies={by: ("logs",)}),
        requests=MILLION,
        access_log_bytes_per_request=GB / MILLION,
    )

    assert expected(one, "logs-vended") == pytest.approx(0.50)
    assert {line.item for line in one.unbounded} == {"logs-vended", "logs-storage"}


def test_function_without_callers_costs_nothing_except_in_the_worst_month() -> None:
    one = priced(
        Subject(FUNCTION, {**ARM, "reservedConcurrentExecutions": 1}, "function"), requests=MILLION, duration_ms=100
    )

    assert one.expected == 0
    assert one.worst > 35  # 1 GB x 2,628,000 s x 0.0000133334, and calls


def test_quantity_shared_by_two_tables_is_counted_once() -> None:
    tables = [Subject(TABLE, ON_DEMAND, name) for name in ("first", "second")]
    one = priced(*knowing("first", "second"), *tables, requests=MILLION, reads_per_request=2, table_items=1000)

    assert expected(one, "dynamodb-reads") == pytest.approx(0.25)  # 2 M x 0.125
