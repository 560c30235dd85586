"""A failure is reported in the terminal with reason, file and line, and without personal data."""

import json

import pytest

from toolkit.localcloud.runtime.failure_report import MAX_LOCATIONS, FailureReport

CODE = "/tmp/lambda-runtime-x/code/" + "a" * 64  # noqa: S108 - a name in a traceback, no file


def traceback(message: str, *frames: str) -> str:
    rows = "".join(f'  File "{CODE}/{frame}, in run\n    call()\n' for frame in frames)
    return f"Traceback (most recent call last):\n{rows}{message}"


def logged(message: str, *frames: str, level: str = "ERROR") -> str:
    entry = {"level": level, "method": "GET", "path": "/api/v1/items", "exception": traceback(message, *frames)}
    return json.dumps(entry)


def test_logged_exception_is_reported_with_request_reason_and_source_line(caplog: pytest.LogCaptureFixture) -> None:
    frames = ('api/response_headers.py", line 50', 'api/table.py", line 83', 'botocore/client.py", line 606')
    FailureReport().read_output(logged("botocore.errorfactory.Missing: no table", *frames))
    first, second = caplog.messages
    assert first == "✗ GET /api/v1/items gets 500: Missing: no table"
    assert second.startswith("  api/table.py:83 ")


def test_failed_invocation_is_reported_with_reason_and_source_line(caplog: pytest.LogCaptureFixture) -> None:
    stack = [f'  File "{CODE}/api/table.py", line 3, in handler\n']
    answer = {"errorType": "KeyError", "errorMessage": "'id'", "stackTrace": stack}
    FailureReport().read_failure(json.dumps(answer).encode())
    assert caplog.messages[0] == "✗ The function failed: KeyError: 'id'"
    assert caplog.messages[1].startswith("  api/table.py:3 ")


def test_same_location_is_reported_once_and_locations_are_limited(caplog: pytest.LogCaptureFixture) -> None:
    report = FailureReport()
    for line in (1, 1, *range(2, 100)):
        report.read_output(logged("ValueError: x", f'api/table.py", line {line}'))
    assert len(caplog.messages) == 2 * MAX_LOCATIONS


@pytest.mark.parametrize(
    "secret",
    ["ada@example.com", "eyJhbGciOiJSUzI1NiIsImtpZCI6Ik.e30.x", "4111111111111111", "input_value={'name': 'Ada'}"],
)
def test_reported_reason_has_no_personal_data_and_no_secret(secret: str, caplog: pytest.LogCaptureFixture) -> None:
    FailureReport().read_output(logged(f"ValueError: wrong {secret}", 'api/table.py", line 1'))
    assert secret not in caplog.text
    assert "ValueError: wrong " in caplog.text


def test_reported_lines_fit_the_terminal_and_keep_the_aws_error(caplog: pytest.LogCaptureFixture) -> None:
    reason = "An error occurred (Missing) when calling the Query operation: not found " + "x" * 100
    FailureReport().read_output(logged(f"botocore.errorfactory.Missing: {reason}", 'api/table.py", line 1'))
    assert caplog.messages[0].startswith("✗ GET /api/v1/items gets 500: Missing: Query: not found x")
    assert all(len(message) <= 100 for message in caplog.messages)


def test_control_characters_are_not_printed(caplog: pytest.LogCaptureFixture) -> None:
    FailureReport().read_failure(json.dumps({"errorType": "E", "errorMessage": "\x1b]8;;http://x\x07"}).encode())
    assert caplog.messages == ["✗ The function failed: E: ?]8;;http://x?"]


@pytest.mark.parametrize("line", ["[]", '{"level": "ERROR", "exception": 3', logged("E: x", level="INFO"), "plain"])
def test_other_output_is_not_reported(line: str, caplog: pytest.LogCaptureFixture) -> None:
    FailureReport().read_output(line)
    assert caplog.messages == []
