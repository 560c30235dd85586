"""Logs, metrics and traces of the function, as CloudWatch and X-Ray receive them."""

import json
import socket
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.events import http_event, user_claims

SECRET = "hunter2-secret-value"
TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled={}"
PROBE = """
import json, logging, os, sys
from types import SimpleNamespace
if "ROOT_LOG_LEVEL" in os.environ:
    logging.basicConfig(level=os.environ["ROOT_LOG_LEVEL"], stream=sys.stdout, format="%(name)s %(message)s")
import api.lambda_handler as function
for sampled, event in json.load(sys.stdin):
    os.environ["_X_AMZN_TRACE_ID"] = sampled
    function.handler(event, SimpleNamespace(aws_request_id="lambda-1"))
    print("xray loaded:", "aws_xray_sdk" in sys.modules)
"""

Run = Callable[..., list[str]]


@pytest.fixture
def run(environment: dict[str, str], root: Path) -> Run:
    """Run events through the function in a separate process, and return the printed lines."""

    def start(*events: tuple[str, dict[str, Any]], **variables: str) -> list[str]:
        outcome = subprocess.run(
            [sys.executable, "-c", PROBE],
            cwd=root,
            env={**environment, "PYTHONPATH": str(root), **variables},
            input=json.dumps(events),
            capture_output=True,
            text=True,
            check=True,
        )
        return outcome.stdout.splitlines()

    return start


@pytest.fixture
def daemon() -> Iterator[socket.socket]:
    """A socket in place of the X-Ray daemon."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(10)
        yield listening


def creation(**others: Any) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {SECRET}"}
    claims = user_claims(f"ada-{uuid.uuid4()}")
    return http_event("POST", "/api/v1/items", claims=claims, body={"name": SECRET}, headers=headers, **others)


def test_creation_of_item_is_counted_and_its_content_is_not_logged(run: Run) -> None:
    lines = run(("", creation()))
    (metric,) = [json.loads(line) for line in lines if '"_aws"' in line]
    assert (metric["ItemCreated"], metric["service"]) == ([1.0], "items-api")
    assert metric["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "items-api"
    assert SECRET not in "\n".join(lines)


def test_read_of_item_logs_nothing(run: Run) -> None:
    event = http_event("GET", "/api/v1/items", claims=user_claims(f"ada-{uuid.uuid4()}"))
    assert run(("", event)) == ["xray loaded: False"]


@pytest.mark.parametrize("level", ["INFO", "DEBUG"])
def test_library_logs_have_no_line_per_request_and_no_secret(run: Run, level: str) -> None:
    """On AWS the runtime client prints what any library logs at the function's level."""
    event = http_event("GET", "/api/v1/items", claims=user_claims(f"ada-{uuid.uuid4()}"))
    lines = run(("", creation()), ("", event), ROOT_LOG_LEVEL=level, AWS_SESSION_TOKEN=SECRET)
    assert [line for line in lines if line.startswith(("mangum", "botocore", "urllib3"))] == []
    assert SECRET not in "\n".join(lines)


def test_failure_is_logged_as_one_json_line_without_secrets(run: Run) -> None:
    event = creation()
    lines = run((TRACE.format(0), event), ITEMS_TABLE="gone")
    (line,) = [json.loads(line) for line in lines if event["requestContext"]["requestId"] in line]
    assert line["level"] == "ERROR"
    assert line["function_request_id"] == "lambda-1"
    assert line["xray_trace_id"] == "1-5759e988-bd862e3fe1be46a994272793"
    assert (line["service"], line["method"], line["path"]) == ("items-api", "POST", "/api/v1/items")
    assert "PutItem" in line["exception"]
    assert SECRET not in "\n".join(lines)


def test_failure_is_counted_per_function_and_per_version(run: Run) -> None:
    variables = {"AWS_LAMBDA_FUNCTION_NAME": "api", "AWS_LAMBDA_FUNCTION_VERSION": "7", "ITEMS_TABLE": "gone"}
    lines = run(("", creation()), **variables, POWERTOOLS_SERVICE_NAME="items-api")
    counted = [found for line in lines if '"_aws"' in line and "ServerErrors" in (found := json.loads(line))]
    # Priming the function fails as well and counts.
    assert len(counted) == 4
    sets = [set(one["_aws"]["CloudWatchMetrics"][0]["Dimensions"][0]) for one in counted[:2]]
    assert sets == [{"FunctionName", "service"}, {"FunctionName", "ExecutedVersion", "service"}]
    assert (counted[1]["FunctionName"], counted[1]["ExecutedVersion"], counted[1]["service"]) == (
        *("api", "7", "items-api"),
    )


def test_only_sampled_invocation_traces_dynamodb_calls(run: Run, daemon: socket.socket) -> None:
    address = "{}:{}".format(*daemon.getsockname())
    unsampled, sampled = (TRACE.format(0), creation()), (TRACE.format(1), creation())
    lines = run(unsampled, sampled, AWS_XRAY_DAEMON_ADDRESS=address, LAMBDA_TASK_ROOT="/var/task")
    assert [line for line in lines if line.startswith("xray")] == ["xray loaded: False", "xray loaded: True"]
    segments = [json.loads(daemon.recv(65535).partition(b"\n")[2]) for _ in range(2)]
    names = {segment["name"] for segment in segments}
    assert "dynamodb" in names
    assert {segment["trace_id"] for segment in segments} == {"1-5759e988-bd862e3fe1be46a994272793"}


def test_sampled_invocation_without_daemon_succeeds(run: Run) -> None:
    assert run((TRACE.format(1), http_event("GET", "/health"))) == ["xray loaded: False"]


LEVELS = """
from api.telemetry import count, logger
for say in (logger.debug, logger.info, logger.warning, logger.error):
    say("a line of the log")
count("ItemCreated")
"""


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("INFO", ["INFO", "WARNING", "ERROR", "metric"]),
        ("WARNING", ["WARNING", "ERROR", "metric"]),
        ("ERROR", ["ERROR", "metric"]),
    ],
)
def test_log_level_filters_lines_and_keeps_metrics(
    level: str, expected: list[str], environment: dict[str, str], root: Path
) -> None:
    levels = {"AWS_LAMBDA_LOG_LEVEL": "INFO", "AWS_LAMBDA_LOG_FORMAT": "JSON", "POWERTOOLS_LOG_LEVEL": level}
    done = subprocess.run(
        [sys.executable, "-c", LEVELS],
        cwd=root,
        env={**environment, **levels},
        capture_output=True,
        text=True,
        check=True,
    )
    assert [json.loads(line).get("level", "metric") for line in done.stdout.splitlines()] == expected
