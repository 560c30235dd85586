"""What queues, topics, schedules and streams cost, and the functions that they invoke."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.policy_servicer import Subject
from tests.support.priced import GB, expected, priced, worst
from toolkit.cost.estimate import Estimate
from toolkit.cost.month import month_of
from toolkit.cost.usage import UsageError
from toolkit.resource_types.cloudwatch import LOG_GROUP, METRIC_ALARM
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.lambda_ import ALIAS, EVENT_SOURCE_MAPPING, FUNCTION
from toolkit.resource_types.s3 import BUCKET_NOTIFICATION
from toolkit.resource_types.scheduler import SCHEDULE
from toolkit.resource_types.sns import TOPIC, TOPIC_SUBSCRIPTION
from toolkit.resource_types.sqs import QUEUE
from toolkit.stacks import Resource, ResourceGraph

MONTH = 2_678_400
SMALL = {"memorySize": 512, "architectures": ["arm64"], "timeout": 10, "reservedConcurrentExecutions": 2}


def function(name: str = "worker", **changed: Any) -> tuple[Subject, ...]:
    return (
        Subject(FUNCTION, {**SMALL, **changed}, name, dependencies={"loggingConfig": (f"{name}-logs",)}),
        Subject(ALIAS, {"name": "live"}, f"{name}-live", dependencies={"functionName": (name,)}),
        Subject(LOG_GROUP, {"retentionInDays": 30}, f"{name}-logs"),
    )


def reads(source: str, name: str = "worker", **properties: Any) -> Subject:
    dependencies = {"functionName": (f"{name}-live",), "eventSourceArn": (source,)}
    return Subject(EVENT_SOURCE_MAPPING, properties, f"{source}-{name}", dependencies=dependencies)


def subscribes(topic: str, protocol: str = "lambda") -> Subject:
    dependencies = {"topic": (topic,), "endpoint": ("worker-live",)}
    return Subject(TOPIC_SUBSCRIPTION, {"protocol": protocol}, f"{topic}-{protocol}", dependencies=dependencies)


JOBS = Subject(QUEUE, {}, "jobs")
WORKER = (*function(), JOBS, reads("jobs"))
USED = {"worker": {"invocations": 1_000_000, "duration-ms": 200, "log-bytes": 500, "most-log-bytes": 1_000}}


def calls(one: Estimate) -> tuple[float, float]:
    """The expected and the most calls of the worker, from its price of $0.20 per million."""
    (line,) = [line for line in one.lines if (line.name, line.item) == ("worker", "lambda-requests")]
    assert line.worst is not None
    return line.expected / 0.20 * 1_000_000, line.worst / 0.20 * 1_000_000


def test_empty_queue_is_polled_by_five_pollers_every_20_seconds() -> None:
    one = priced(*WORKER, functions={"worker": {"invocations": 0}})

    assert expected(one, "sqs-requests") == pytest.approx(5 * 2_628_000 / 20 * 0.40 / 1_000_000)


def test_message_is_sent_received_and_deleted() -> None:
    one = priced(*WORKER, functions=USED)

    assert expected(one, "sqs-requests") == pytest.approx((657_000 + 3_000_000) * 0.40 / 1_000_000)


def test_large_batch_takes_several_receipts_and_deletions() -> None:
    one = priced(*function(), JOBS, reads("jobs", batchSize=25), functions=USED)

    assert expected(one, "sqs-requests") == pytest.approx((657_000 + 1_000_000 + 6_000_000) * 0.40 / 1_000_000)


def test_fifo_queue_has_its_own_price() -> None:
    one = priced(*function(), Subject(QUEUE, {"fifoQueue": True}, "jobs"), reads("jobs"), functions=USED)

    assert expected(one, "sqs-fifo-requests") == pytest.approx((657_000 + 3_000_000) * 0.50 / 1_000_000)


def test_queue_that_no_function_reads_is_not_polled() -> None:
    one = priced(JOBS)

    assert expected(one, "sqs-requests") == 0
    assert one.not_priced == ()


def test_function_has_the_use_of_its_profile() -> None:
    one = priced(*WORKER, duration_ms=5_000, functions=USED)

    assert calls(one)[0] == pytest.approx(1_000_000)
    assert expected(one, "lambda-arm64") == pytest.approx(1_000_000 * 0.2 * 0.5 * 0.0000133334)
    assert expected(one, "logs-vended") == pytest.approx(1_000_000 * 500 / GB * 0.50)
    assert FUNCTION not in {gap.of.resource.type for gap in one.not_priced}


def test_worst_month_has_instances_that_work_on_one_event_after_the_other() -> None:
    one = priced(*WORKER, functions=USED)

    assert calls(one)[1] == pytest.approx(2 * MONTH * 1000 / 200)
    assert worst(one, "lambda-arm64") == pytest.approx(2 * MONTH * 0.5 * 0.0000133334)
    assert worst(one, "logs-vended") == pytest.approx(2 * MONTH * 5 * 1_000 / GB * 0.50)


def test_function_without_a_duration_of_its_own_has_that_of_the_stack() -> None:
    one = priced(*WORKER, duration_ms=100, functions={"worker": {"invocations": 10}})

    assert calls(one)[1] == pytest.approx(2 * MONTH * 10)


def test_function_without_invocations_is_listed_with_the_key_that_counts_them() -> None:
    one = priced(*WORKER)

    (gap,) = one.not_priced
    assert gap.why == (
        "the expected number of calls from jobs-worker (EventSourceMapping) is unknown; the profile has "
        "functions.worker.invocations for it"
    )


def test_schedule_is_counted_besides_the_events() -> None:
    hourly = Subject(
        SCHEDULE, {"scheduleExpression": "rate(1 hour)"}, "hourly", dependencies={"target": ("worker-live",)}
    )
    one = priced(*WORKER, hourly, functions=USED)

    assert calls(one) == pytest.approx((1_000_730, 2 * MONTH * 5 + 744 * 3))
    assert expected(one, "scheduler-invocations") == pytest.approx(730 / 1_000_000)
    assert worst(one, "scheduler-invocations") == pytest.approx(744 * 3 / 1_000_000)


def test_14_million_invocations_of_schedules_are_free() -> None:
    schedules = [
        Subject(SCHEDULE, {"scheduleExpression": "rate(1 minute)"}, f"schedule-{number}") for number in range(400)
    ]
    one = priced(*schedules, account_kind="credits")

    assert expected(one, "scheduler-invocations") == pytest.approx((400 * 43_800 - 14_000_000) / 1_000_000)


def test_schedule_with_an_expression_that_is_not_read_is_listed() -> None:
    one = priced(Subject(SCHEDULE, {"scheduleExpression": "cron(0 0 1W * ? *)x"}, "odd"))

    assert [gap.why for gap in one.not_priced] == ["its scheduleExpression is not read, so its invocations are unknown"]


def test_traces_of_a_schedule_are_samples_and_those_of_a_queue_may_be_all() -> None:
    traced: dict[str, Any] = {"tracingConfig": {"mode": "Active"}}
    every_minute = Subject(
        SCHEDULE, {"scheduleExpression": "rate(1 minute)"}, "often", dependencies={"target": ("worker-live",)}
    )
    uploads = Subject(BUCKET_NOTIFICATION, {}, "uploads", dependencies={"lambdaFunctions": ("worker-live",)})
    of_queue = priced(*function(**traced), JOBS, reads("jobs"), functions=USED)
    of_bucket = priced(*function(**traced), uploads, functions=USED)
    of_schedule = priced(*function(**traced), every_minute)
    most = 2 * MONTH * 5

    assert worst(of_queue, "traces") == pytest.approx(most * 5 / 1_000_000)
    assert worst(of_bucket, "traces") == pytest.approx((MONTH + (most - MONTH) * 0.05) * 5 / 1_000_000)
    assert worst(of_schedule, "traces") == pytest.approx(44_640 * 3 * 5 / 1_000_000)


def test_topic_of_functions_has_a_message_for_each_invocation_and_free_deliveries() -> None:
    alarm = Subject(METRIC_ALARM, {}, "alarm")
    one = priced(*function(), Subject(TOPIC, {}, "news"), subscribes("news"), alarm, alerts=30, functions=USED)

    assert expected(one, "sns-publishes") == pytest.approx(0.50)
    assert [line.worst for line in one.lines if line.item == "sns-publishes"] == [None]


def test_topic_with_a_mail_has_the_messages_of_alarms_too() -> None:
    alarm = Subject(METRIC_ALARM, {}, "alarm")
    both = (Subject(TOPIC, {}, "news"), subscribes("news"), subscribes("news", "email"))
    one = priced(*function(), *both, alarm, alerts=1_000, functions=USED)

    assert expected(one, "sns-publishes") == pytest.approx(0.50 + 0.0005)


def test_stream_is_read_without_a_charge() -> None:
    table = Subject(TABLE, {"billingMode": "PAY_PER_REQUEST", "streamEnabled": True}, "orders")
    without = priced(table, *function(), functions=USED)
    one = priced(table, *function(), reads("orders"), functions=USED)

    assert {line.item for line in one.lines} == {line.item for line in without.lines}
    assert one.not_priced == ()


def test_provisioned_pollers_are_not_priced() -> None:
    one = priced(*function(), JOBS, reads("jobs", provisionedPollerConfig={"minimumPollers": 2}), functions=USED)

    assert [gap.why for gap in one.not_priced] == ["provisioned pollers have a price by the hour"]


def test_profile_of_a_function_that_the_stack_lacks_is_rejected_in_one_sentence(tmp_path: Any) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: sample\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(
        "config: {sample:usage: {requests: 0, duration-ms: 0, functions: {wroker: {invocations: 1}}}}\n"
    )
    urn = f"urn:pulumi:dev::sample::{FUNCTION}::worker"
    only = Resource(urn=urn, type=FUNCTION, name="worker", custom=True, id="", parent=None, inputs={}, outputs={})

    with pytest.raises(UsageError, match=r"^Pulumi\.dev\.yaml: usage\.functions has wroker; use worker\.$"):
        month_of(ResourceGraph("sample", "dev", (only,), {}), "dev", tmp_path)


@settings(max_examples=60)
@given(
    invocations=st.integers(0, 10**10),
    log_bytes=st.floats(0, 10**6, allow_subnormal=False),
    key=st.sampled_from(["invocations", "log-bytes", "most-log-bytes"]),
    times=st.integers(2, 1000),
)
def test_more_events_never_cost_less(invocations: int, log_bytes: float, key: str, times: int) -> None:
    profile = {**USED["worker"], "invocations": invocations, "log-bytes": log_bytes}
    topic = (Subject(TOPIC, {}, "news"), subscribes("news"))
    before, after = (
        priced(*WORKER, *topic, functions={"worker": one}) for one in (profile, {**profile, key: profile[key] * times})
    )

    assert after.expected >= before.expected * (1 - 1e-9)
    assert after.worst >= before.worst * (1 - 1e-9)
    assert before.worst >= before.expected * (1 - 1e-9)
