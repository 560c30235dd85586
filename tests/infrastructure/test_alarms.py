"""The alarms: which page, which notify, and which rolls a canary deployment back."""

from pathlib import Path
from typing import Any

import pulumi
import pytest

from infrastructure.components.alarms import Alarms, AlarmsArgs, Canary, EventMonitoring
from infrastructure.settings.groups import AlarmSettings, WorkerSettings
from tests.support.programs import registered


def alarms_of(root: Path, **changed: Any) -> dict[str, Any]:
    """The inputs of each alarm by its label; every output of the component is exported."""

    def build() -> None:
        settings = AlarmSettings.model_validate({"email": "a@b.example"})
        args: dict[str, Any] = {
            "settings": settings,
            "page_topic": "page",
            "notices_topic": "notices",
            "service": "items-api",
            "function_name": "function",
            "canary": Canary("live", "7"),
            "api_id": "api",
            "tables": {"items": "items-table"},
            "functions": {},
        }
        pulumi.export("canary", list(Alarms("alarms", AlarmsArgs(**{**args, **changed})).canary_alarms))

    graph = registered(root, build)
    alarms = graph.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")
    guarding = {name.rsplit("-", 1)[0] for name in graph.outputs["canary"]}
    assert guarding == ({"alarms-canary-errors"} if changed.get("canary", "7") else set())
    return {alarm.name.removeprefix("alarms-"): alarm.inputs for alarm in alarms}


def test_only_errors_of_function_code_page(tmp_path: Path) -> None:
    alarms = alarms_of(tmp_path)

    assert [label for label, alarm in alarms.items() if alarm["alarmActions"] == ["page"]] == ["function-errors"]
    assert alarms.keys() - {"function-errors"} == {
        label for label, alarm in alarms.items() if alarm["alarmActions"] == ["notices"]
    }
    watched = [query["metric"] for query in alarms["function-errors"]["metricQueries"] if "metric" in query]
    assert [(metric["namespace"], metric["metricName"], metric["dimensions"]) for metric in watched] == [
        ("AWS/Lambda", "Errors", {"FunctionName": "function"}),
        ("items-api", "ServerErrors", {"FunctionName": "function", "service": "items-api"}),
    ]


def test_canary_alarm_evaluates_errors_of_new_version_within_four_minutes(tmp_path: Path) -> None:
    alarm = alarms_of(tmp_path)["canary-errors"]
    total, *queries = alarm["metricQueries"]

    version = {"FunctionName": "function", "ExecutedVersion": "7"}
    assert total["expression"] == "FILL(failed, 0) + FILL(answered, 0)"
    assert [query["metric"] for query in queries] == [
        {
            "namespace": "AWS/Lambda",
            "metricName": "Errors",
            "dimensions": {**version, "Resource": "function:live"},
            "stat": "Sum",
            "period": 60,
        },
        {
            "namespace": "items-api",
            "metricName": "ServerErrors",
            "dimensions": {**version, "service": "items-api"},
            "stat": "Sum",
            "period": 60,
        },
    ]
    assert (alarm["evaluationPeriods"], alarm["datapointsToAlarm"], alarm["threshold"]) == (3, 2, 1)
    assert alarm["treatMissingData"] == "notBreaching"


def test_stack_without_canary_has_no_canary_alarm(tmp_path: Path) -> None:
    assert "canary-errors" not in alarms_of(tmp_path, canary=None)


def test_every_failure_metric_has_alarm_with_action(tmp_path: Path) -> None:
    alarms = alarms_of(tmp_path)

    watched = {
        (alarm["namespace"], alarm["metricName"]): alarm.get("statistic", "p99")
        for alarm in alarms.values()
        if "metricName" in alarm
    }
    assert watched == {
        ("AWS/Lambda", "Throttles"): "Sum",
        ("AWS/Lambda", "Duration"): "p99",
        ("AWS/ApiGateway", "5xx"): "Sum",
        ("AWS/ApiGateway", "Latency"): "p99",
    }
    queries = alarms["items-throttles"]["metricQueries"]
    metrics = [query["metric"]["metricName"] for query in queries if "metric" in query]
    assert metrics == ["ReadThrottleEvents", "WriteThrottleEvents"]
    for alarm in alarms.values():
        assert alarm["alarmActions"] == alarm["okActions"] != []
        assert (alarm["treatMissingData"], alarm["actionsEnabled"]) == ("notBreaching", True)


@pytest.mark.parametrize("name", ["items", "canary"])
def test_function_may_have_the_name_of_a_table_or_of_an_alarm(name: str, tmp_path: Path) -> None:
    events = EventMonitoring(
        settings=WorkerSettings(), function_name="worker", timeout_seconds=30, dead_letters_name="dead", queues={}
    )
    alarms = alarms_of(tmp_path, functions={name: events})

    assert alarms[f"{name}-function-errors"]["dimensions"] == {"FunctionName": "worker"}
    assert "items-throttles" in alarms
