"""A declared queue, topic, schedule, stream, upload or parameter is a complete part of every stack."""

import json
from typing import Any

import pytest

from policies.pack import PACK
from tests.support.declared import graph_with_each_part
from tests.support.stacks import ROOT
from toolkit.policy.assessment import assess
from toolkit.stacks import Resource, ResourceGraph
from toolkit.stacks.marks import reveal


@pytest.fixture(scope="module")
def graph() -> ResourceGraph:
    """The graph of prod with one of each."""
    return graph_with_each_part()


def named(graph: ResourceGraph, name: str) -> Resource:
    return next(each for each in graph.resources if each.name == name and each.custom)


def inputs(graph: ResourceGraph, name: str) -> Any:
    return named(graph, name).inputs


def outputs(graph: ResourceGraph, name: str) -> Any:
    return named(graph, name).outputs


def statements(graph: ResourceGraph, name: str) -> dict[str, Any]:
    return {each["Sid"]: each for each in json.loads(inputs(graph, name)["policy"])["Statement"]}


def test_queue_redrives_to_dead_letter_queue_of_its_function(graph: ResourceGraph) -> None:
    queue, dead_letters = inputs(graph, "sample-events-queue"), outputs(graph, "sample-worker-dead-letters")

    assert json.loads(queue["redrivePolicy"]) == {"deadLetterTargetArn": dead_letters["arn"], "maxReceiveCount": 4}
    assert queue["visibilityTimeoutSeconds"] == 6 * 20
    assert queue["sqsManagedSseEnabled"]
    assert inputs(graph, "sample-worker-dead-letters")["messageRetentionSeconds"] == 14 * 24 * 3600


def test_function_gets_batches_of_its_queue_within_its_concurrency(graph: ResourceGraph) -> None:
    source = inputs(graph, "sample-events-queue-events")

    assert source["eventSourceArn"] == outputs(graph, "sample-events-queue")["arn"]
    assert source["functionName"] == outputs(graph, "sample-worker-live")["arn"]
    assert (source["batchSize"], source["scalingConfig"]) == (5, {"maximumConcurrency": 3})
    assert source["functionResponseTypes"] == ["ReportBatchItemFailures"]


def test_function_has_memory_of_stack_and_declared_timeout(graph: ResourceGraph) -> None:
    function = inputs(graph, "sample-worker-function")

    assert (function["memorySize"], function["timeout"]) == (1024, 20)
    assert (function["reservedConcurrentExecutions"], function["handler"]) == (3, "api.samples.worker.handler")
    assert function["loggingConfig"]["logGroup"] == "/items-api/prod/sample-worker"


def test_role_of_event_function_has_its_grants_and_its_sources_only(graph: ResourceGraph) -> None:
    worker = statements(graph, "sample-worker-permissions")

    assert sorted(worker) == ["CursorKeySecret", "DeadLetters", "ItemsTable", "Logs", "ReceiveMessages", "Traces"]
    assert worker["ReceiveMessages"]["Resource"] == outputs(graph, "sample-events-queue")["arn"]
    assert worker["ItemsTable"]["Action"] == "dynamodb:GetItem"
    assert inputs(graph, "sample-worker-role")["permissionsBoundary"].endswith("-bootstrap-workload")
    assert sorted(statements(graph, "sample-cleanup-permissions")) == ["DeadLetters", "Logs", "Traces"]


def test_event_function_gets_names_of_what_it_is_granted(graph: ResourceGraph) -> None:
    variables = inputs(graph, "sample-worker-function")["environment"]["variables"]

    assert variables["ITEMS_TABLE"] == outputs(graph, "items-table")["name"]
    assert variables["CURSOR_KEY_SECRET_ARN"] == outputs(graph, "cursor-key-secret")["arn"]
    assert "SESSIONS_TABLE" not in variables


def test_api_may_send_to_queue_publish_to_topic_and_read_parameter(graph: ResourceGraph) -> None:
    api, variables = statements(graph, "api-permissions"), inputs(graph, "api-function")["environment"]["variables"]
    queue, topic = outputs(graph, "sample-events-queue"), outputs(graph, "sample-news-topic")

    assert api["SampleEventsQueue"]["Action"] == ["sqs:SendMessage", "sqs:GetQueueAttributes"]
    assert api["SampleEventsQueue"]["Resource"] == queue["arn"]
    assert (api["SampleNewsTopic"]["Action"], api["SampleNewsTopic"]["Resource"]) == ("sns:Publish", topic["arn"])
    assert api["SampleLimitParameter"]["Action"] == "ssm:GetParameter"
    assert (variables["SAMPLE_EVENTS_QUEUE_URL"], variables["SAMPLE_NEWS_TOPIC_ARN"]) == (queue["url"], topic["arn"])
    assert variables["SAMPLE_LIMIT_PARAMETER"] == "/items-api/prod/sample-limit"
    assert reveal(inputs(graph, "sample-limit-parameter")["value"]) == "100"


def test_schedule_may_invoke_its_function_only(graph: ResourceGraph) -> None:
    schedule, alias = inputs(graph, "sample-nightly-schedule"), outputs(graph, "sample-cleanup-live")["arn"]

    assert schedule["scheduleExpression"] == "cron(0 3 * * ? *)"
    assert schedule["target"]["arn"] == alias
    assert schedule["target"]["deadLetterConfig"]["arn"] == outputs(graph, "sample-cleanup-dead-letters")["arn"]
    assert statements(graph, "sample-nightly-schedule-permissions")["Invoke"]["Resource"] == alias
    trust = json.loads(inputs(graph, "sample-nightly-schedule-role")["assumeRolePolicy"])["Statement"][0]
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "333333333333"}}


@pytest.mark.parametrize("function", ["sample-audit", "sample-cleanup"])
def test_failed_asynchronous_invocation_goes_to_dead_letter_queue(function: str, graph: ResourceGraph) -> None:
    failures = inputs(graph, f"{function}-failures")

    assert failures["qualifier"] == "live"
    destination = failures["destinationConfig"]["onFailure"]["destination"]
    assert destination == outputs(graph, f"{function}-dead-letters")["arn"]


def test_function_that_only_reads_a_queue_has_no_configuration_of_asynchronous_invocations(
    graph: ResourceGraph,
) -> None:
    assert "sample-worker-failures" not in {resource.name for resource in graph.resources}


def test_topic_and_bucket_may_invoke_their_function_only(graph: ResourceGraph) -> None:
    topic, bucket = (
        inputs(graph, "sample-news-sample-audit-permission"),
        inputs(graph, "attachments-attachments-uploads-permission"),
    )

    assert (topic["principal"], topic["sourceArn"]) == ("sns.amazonaws.com", outputs(graph, "sample-news-topic")["arn"])
    assert (bucket["principal"], bucket["sourceAccount"]) == ("s3.amazonaws.com", "333333333333")
    assert bucket["sourceArn"] == outputs(graph, "attachments-bucket")["arn"]
    (notification,) = inputs(graph, "attachments-notifications")["lambdaFunctions"]
    assert notification["filterPrefix"] == "attachments/"


def test_stream_repeats_failed_changes_and_then_reports_them(graph: ResourceGraph) -> None:
    source = inputs(graph, "items-sample-audit-events")

    assert inputs(graph, "items-table")["streamViewType"] == "NEW_AND_OLD_IMAGES"
    assert (source["maximumRetryAttempts"], source["bisectBatchOnFunctionError"]) == (3, True)
    destination = source["destinationConfig"]["onFailure"]["destinationArn"]
    assert destination == outputs(graph, "sample-audit-dead-letters")["arn"]


@pytest.mark.parametrize("name", ["sample-worker", "sample-audit", "sample-cleanup"])
def test_each_event_function_has_alarms_and_its_dead_letters_page(name: str, graph: ResourceGraph) -> None:
    alarms = {each.name for each in graph.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")}

    metrics = ("function-errors", "function-throttles", "function-p99", "dead-letters")
    assert {f"alarms-{name}-{metric}" for metric in metrics} <= alarms
    dead_letters, api_errors = inputs(graph, f"alarms-{name}-dead-letters"), inputs(graph, "alarms-function-errors")
    assert dead_letters["alarmActions"] == api_errors["alarmActions"]


def test_alarm_on_age_of_queue_has_threshold_of_stack(graph: ResourceGraph) -> None:
    alarm = inputs(graph, "alarms-sample-events-age")

    assert (alarm["metricName"], alarm["threshold"]) == ("ApproximateAgeOfOldestMessage", 120)


def test_stack_with_each_kind_of_event_breaks_no_rule_but_that_on_the_worst_month(graph: ResourceGraph) -> None:
    assert {result.rule.name for result in assess(PACK, graph, ROOT).blocking} == {"worst-month-bounded"}
