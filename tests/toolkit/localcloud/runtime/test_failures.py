"""A function that fails is reported as by Lambda, and the next event is handled."""

import pytest

from tests.support.functions import DeployedFunction, deploy
from tests.support.scenarios import Play, answer, error
from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.runtime import InvokeError, LambdaRuntime


@pytest.mark.parametrize(
    ("event", "error_type", "message"),
    [
        ("raise", "ValueError", "bad value"),
        ("exit", "Runtime.ExitError", "Runtime exited with error: exit status 3"),
        ("leave", "Runtime.ExitError", "Runtime exited without providing a reason"),
        ("segfault", "Runtime.ExitError", "signal: segmentation fault"),
        ("hang", "Sandbox.Timedout", "Task timed out after 2.00 seconds"),
        ("spin", "Sandbox.Timedout", "Task timed out after 2.00 seconds"),
        ("endless", "Sandbox.Timedout", "Task timed out after 2.00 seconds"),  # prints all the time
        ("unserialisable", "Runtime.MarshalError", "not JSON serializable"),
        ("memory", "Runtime.OutOfMemory", "signal: killed"),
        ("huge", "Function.ResponseSizeTooLarge", "exceeded maximum allowed payload size (6291556 bytes)"),
    ],
)
def test_failing_function_is_reported_and_the_next_event_runs(
    unruly: DeployedFunction, play: Play, event: str, error_type: str, message: str
) -> None:
    async def scenario(runtime: LambdaRuntime) -> None:
        reported = await error(runtime, unruly, event)
        assert reported["errorType"] == error_type
        assert message in reported["errorMessage"]
        assert await answer(runtime, unruly) == "fine"

    play(scenario)


@pytest.mark.parametrize("event", ["garbage", "closed"])
def test_closed_or_redirected_output_does_not_disturb_the_worker(
    unruly: DeployedFunction, play: Play, event: str
) -> None:
    async def scenario(runtime: LambdaRuntime) -> None:
        assert await answer(runtime, unruly, event) == "fine"
        assert await answer(runtime, unruly, "again") == "fine"

    play(scenario)


@pytest.mark.parametrize(
    ("source", "error_type"),
    [
        ("import nothing_like_this", "Runtime.ImportModuleError"),
        ("def handler(", "Runtime.UserCodeSyntaxError"),
        ("other = 1", "Runtime.HandlerNotFound"),
        ("import os\nos._exit(7)", "Runtime.ExitError"),
        ("import starlette", "Runtime.ImportModuleError"),  # installed here, missing in the zip
    ],
)
def test_function_that_does_not_load_reports_the_reason(
    cloud: AwsConnection, play: Play, source: str, error_type: str
) -> None:
    function = deploy(cloud, source)

    async def scenario(runtime: LambdaRuntime) -> None:
        assert (await error(runtime, function))["errorType"] == error_type
        with pytest.raises(InvokeError, match="does not start"):
            await runtime.warm(function.live)

    play(scenario)


@pytest.mark.parametrize(
    ("reference", "code"),
    [("no such/function", "InvalidParameterValueException"), ("missing:live", "ResourceNotFoundException")],
)
def test_missing_function_is_rejected(play: Play, reference: str, code: str) -> None:
    async def scenario(runtime: LambdaRuntime) -> None:
        with pytest.raises(InvokeError) as refusal:
            await runtime.invoke(reference, b"null")
        assert refusal.value.code == code

    play(scenario)


def test_event_over_six_megabytes_is_rejected(unruly: DeployedFunction, play: Play) -> None:
    async def scenario(runtime: LambdaRuntime) -> None:
        with pytest.raises(InvokeError, match="must be smaller than 6291456 bytes"):
            await runtime.invoke(unruly.live, b'"' + b"x" * 6 * 2**20 + b'"')

    play(scenario)
