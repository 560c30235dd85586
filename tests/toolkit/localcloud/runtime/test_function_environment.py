"""A function has the environment, context, role and log that Lambda documents."""

import asyncio
import json
import re
from pathlib import Path

import pytest
import yaml

from tests.support.functions import DeployedFunction, deploy
from tests.support.scenarios import Play, answer, error
from tests.support.stacks import ROOT, only, stack
from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.runtime import LambdaRuntime
from toolkit.localcloud.runtime.function_log import LONGEST_LINE_BYTES


def test_worker_environment_has_only_variables_of_lambda_and_the_function(
    cloud: AwsConnection, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_THE_CALLER", "yes")
    variables = {"COLOUR": "blue"}
    function = deploy(
        cloud, "import os\ndef handler(event, context):\n    return dict(os.environ)", variables=variables
    )

    async def scenario(runtime: LambdaRuntime) -> None:
        found = await answer(runtime, function)
        assert "SECRET_OF_THE_CALLER" not in found
        assert found["COLOUR"] == "blue"
        assert found["AWS_LAMBDA_FUNCTION_NAME"] == function.name
        assert found["AWS_LAMBDA_FUNCTION_VERSION"] == "1"
        assert found["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
        assert found["AWS_REGION"] == cloud.region
        assert found["AWS_ENDPOINT_URL"] == cloud.endpoint_url
        assert found["_HANDLER"] == "main.handler"
        assert found["TZ"] == ":UTC"
        assert found["AWS_ACCESS_KEY_ID"] != cloud.access_key_id
        assert found["_X_AMZN_TRACE_ID"].startswith("Root=1-")

    play(scenario)


def test_lambda_context_has_the_function_and_the_remaining_time(cloud: AwsConnection, play: Play) -> None:
    source = """
    def handler(event, context):
        return [context.invoked_function_arn, context.get_remaining_time_in_millis(), context.client_context.custom]
    """
    function = deploy(cloud, source, Timeout=7)

    async def scenario(runtime: LambdaRuntime) -> None:
        invocation = await runtime.invoke(function.live, b"null", client_context='{"custom": {"a": "b"}}')
        arn, remaining_ms, custom = json.loads(invocation.payload)
        assert arn == function.live
        assert 0 < remaining_ms <= 7_000
        assert custom == {"a": "b"}

    play(scenario)


def test_permissions_of_the_functions_role_are_enforced(cloud: AwsConnection, play: Play) -> None:
    source = """
    import os
    def handler(event, context):
        return [os.environ[f"AWS_{name}"] for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN")]
    """
    statement = {"Effect": "Allow", "Action": "sns:ListTopics", "Resource": "*"}
    function = deploy(cloud, source, statements=[statement])

    async def scenario(runtime: LambdaRuntime) -> None:
        keys = await answer(runtime, function)
        own = AwsConnection(cloud.endpoint_url, cloud.region, *keys)
        assert own.client("sns").list_topics()["Topics"] == []
        with pytest.raises(own.client("sqs").exceptions.ClientError, match="AccessDenied"):
            own.client("sqs").list_queues()

    play(scenario)


def test_json_log_format_applies_to_function_and_platform_lines(
    cloud: AwsConnection, play: Play, tmp_path: Path
) -> None:
    source = """
    import logging, os
    def handler(event, context):
        logging.getLogger().info("hello")
        logging.getLogger().debug("not logged")
        if event: raise ValueError("bad value")
        return [os.environ["AWS_LAMBDA_LOG_FORMAT"], os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]]
    """
    logging = {"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "LogGroup": "/own"}
    function = deploy(cloud, source, LoggingConfig=logging)

    async def scenario(runtime: LambdaRuntime) -> None:
        assert await answer(runtime, function) == ["JSON", "/own"]
        await error(runtime, function, "fail")

    play(scenario)
    lines = [json.loads(line) for line in (tmp_path / "function.log").read_text().splitlines()]
    kinds = [line.get("type") or line.get("errorType") or line["message"] for line in lines]
    once = ["platform.start", "hello", "platform.runtimeDone", "platform.report"]
    assert [kind for kind in kinds if kind != "ValueError"] == once + once
    assert kinds.count("ValueError") == 1
    assert [line["record"]["status"] for line in lines if line.get("type") == "platform.report"] == ["success", "error"]


METRIC_AND_ERROR = """
import json
def handler(event, context):
    print(json.dumps({"_aws": {"CloudWatchMetrics": []}, "ItemCreated": 1}))
    print(json.dumps({"level": "ERROR", "message": "an error"}))
    print(json.dumps({"level": "DEBUG", "message": "a detail"}))
    print("no JSON")
"""


def printed(cloud: AwsConnection, play: Play, folder: Path, logging: dict[str, str]) -> list[str]:
    """Return what of the function's output reaches the log."""
    deployed = deploy(cloud, METRIC_AND_ERROR, LoggingConfig=logging)

    async def scenario(runtime: LambdaRuntime) -> None:
        await answer(runtime, deployed)

    play(scenario)
    lines = (folder / "function.log").read_text().splitlines()
    return [line for line in lines if '"platform.' not in line]


def test_metrics_are_logged_at_the_stacks_log_level_error(cloud: AwsConnection, play: Play, tmp_path: Path) -> None:
    settings = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text())["config"]["items-api:settings"]
    graph = stack("dev", function={**settings["function"], "log-level": "ERROR"})
    given = only(graph, "api-function")["loggingConfig"]
    logging = {name[0].upper() + name[1:]: value for name, value in given.items()}
    metric, problem, text = printed(cloud, play, tmp_path, logging)
    assert "ItemCreated" in metric
    assert ("an error" in problem, text) == (True, "no JSON")


def test_metrics_are_not_logged_at_lambdas_application_log_level_error(
    cloud: AwsConnection, play: Play, tmp_path: Path
) -> None:
    logging = {"LogFormat": "JSON", "ApplicationLogLevel": "ERROR", "LogGroup": "/own"}
    (problem,) = printed(cloud, play, tmp_path, logging)
    assert "an error" in problem


def test_changed_log_format_applies_from_the_next_version(cloud: AwsConnection, play: Play) -> None:
    function = deploy(cloud, "import os\ndef handler(event, context):\n    return os.environ['AWS_LAMBDA_LOG_FORMAT']")
    client = cloud.client("lambda")
    client.update_function_configuration(FunctionName=function.name, LoggingConfig={"LogFormat": "JSON"})

    async def scenario(runtime: LambdaRuntime) -> None:
        assert await answer(runtime, function) == "Text"
        await asyncio.to_thread(
            function.publish, "import os\ndef handler(e, c):\n    return os.environ['AWS_LAMBDA_LOG_FORMAT']"
        )
        await runtime.refresh()
        assert await answer(runtime, function) == "JSON"

    play(scenario)


def test_line_over_the_limit_is_split_without_loss(unruly: DeployedFunction, play: Play, tmp_path: Path) -> None:
    async def scenario(runtime: LambdaRuntime) -> None:
        assert await answer(runtime, unruly, "one line") == "fine"

    play(scenario)
    lines = [line for line in (tmp_path / "function.log").read_text().splitlines() if line.startswith("z")]
    assert sum(map(len, lines)) == 10 * 2**16
    assert LONGEST_LINE_BYTES <= max(map(len, lines)) <= LONGEST_LINE_BYTES + 2**16


def test_log_lines_of_each_event_are_in_order(unruly: DeployedFunction, play: Play, tmp_path: Path) -> None:
    async def scenario(runtime: LambdaRuntime) -> None:
        await answer(runtime, unruly, "first")
        await error(runtime, unruly, "raise")

    play(scenario)
    log = (tmp_path / "function.log").read_text()
    order = [
        "loaded",
        "START RequestId",
        "got first",
        "END RequestId",
        "REPORT RequestId",
        "got raise",
        "bad value",
    ]
    places = [log.index(words) for words in order]
    assert places == sorted(places)
    assert re.search(r"REPORT .*\tMemory Size: 256 MB\tMax Memory Used: [1-9]\d* MB\tInit Duration: ", log)
