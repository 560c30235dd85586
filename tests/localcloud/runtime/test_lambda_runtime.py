"""Functions run as Lambda runs them, on real workers under AWS's runtime client."""

import asyncio
import json
import os
import re
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from localcloud.connection import AwsConnection
from localcloud.runtime import InvokeError, LambdaRuntime
from tests.support.functions import DeployedFunction, deploy

HELLO = """
import os
def handler(event, context):
    return {"hello": event["name"], "process": os.getpid()}
"""
# What the handlers below do is chosen by the event, so that one function shows many ways to fail.
UNRULY = """
import ctypes, os, sys, time
print("loaded")
def handler(event, context):
    print("got", event)
    match event:
        case "raise": raise ValueError("no such thing")
        case "exit": os._exit(3)
        case "leave": sys.exit(0)
        case "segfault": ctypes.string_at(0)
        case "hang": time.sleep(60)
        case "spin":
            while True: pass
        case "unserialisable": return {1, 2}
        case "garbage": os.write(1, b"\\xff\\xfe\\x00 no newline"); sys.stderr.write("oops\\n")
        case "memory": return len(bytearray(600 * 2**20))
        case "huge": return "x" * (6 * 2**20 + 100)
        case "closed": os.dup2(os.open(os.devnull, os.O_WRONLY), 1); os.dup2(1, 2)
    return "fine"
"""


@asynccontextmanager
async def running(connection: AwsConnection, folder: Path) -> AsyncIterator[LambdaRuntime]:
    runtime = LambdaRuntime(connection, folder / "function.log")
    try:
        yield runtime
    finally:
        await runtime.close()


async def answer(runtime: LambdaRuntime, function: DeployedFunction, event: Any = None) -> Any:
    invocation = await runtime.invoke(function.live, json.dumps(event).encode())
    assert invocation.function_error is None, invocation.payload
    return json.loads(invocation.payload)


async def error(runtime: LambdaRuntime, function: DeployedFunction, event: Any = None) -> dict[str, Any]:
    invocation = await runtime.invoke(function.live, json.dumps(event).encode())
    assert invocation.function_error == "Unhandled"
    body: dict[str, Any] = json.loads(invocation.payload)
    return body


@pytest.fixture(name="play")
def _play(cloud: AwsConnection, tmp_path: Path) -> Callable[[Callable[[LambdaRuntime], Awaitable[None]]], None]:
    """Run a scenario against a runtime of its own."""

    def play(scenario: Callable[[LambdaRuntime], Awaitable[None]]) -> None:
        async def main() -> None:
            async with running(cloud, tmp_path) as runtime:
                await scenario(runtime)

        asyncio.run(main())

    return play


Play = Callable[[Callable[[LambdaRuntime], Awaitable[None]]], None]


@pytest.fixture(scope="module", name="unruly")
def _unruly(cloud: AwsConnection) -> DeployedFunction:
    return deploy(cloud, UNRULY, Timeout=2)


def test_a_worker_is_used_again_when_it_is_idle(cloud: AwsConnection, play: Play) -> None:
    function = deploy(cloud, HELLO)

    async def scenario(runtime: LambdaRuntime) -> None:
        first = await answer(runtime, function, {"name": "world"})
        assert first["hello"] == "world"
        assert await answer(runtime, function, {"name": "world"}) == first

    play(scenario)


def test_two_events_at_once_run_on_two_workers(cloud: AwsConnection, play: Play) -> None:
    function = deploy(
        cloud, "import os, time\ndef handler(event, context):\n    time.sleep(0.5)\n    return os.getpid()"
    )

    async def scenario(runtime: LambdaRuntime) -> None:
        first, second = await asyncio.gather(answer(runtime, function), answer(runtime, function))
        assert first != second

    play(scenario)


def test_an_event_beyond_the_reserved_concurrency_is_refused(cloud: AwsConnection, play: Play) -> None:
    function = deploy(cloud, "import time\ndef handler(event, context):\n    time.sleep(0.5)\n    return 'done'")
    cloud.client("lambda").put_function_concurrency(FunctionName=function.name, ReservedConcurrentExecutions=1)

    async def scenario(runtime: LambdaRuntime) -> None:
        await runtime.refresh()
        first = asyncio.create_task(answer(runtime, function))
        await asyncio.sleep(0.2)
        with pytest.raises(InvokeError) as refusal:
            await answer(runtime, function)
        assert (refusal.value.status, refusal.value.code) == (429, "TooManyRequestsException")
        assert await first == "done"
        assert await answer(runtime, function) == "done"

    play(scenario)


@pytest.mark.parametrize(
    ("event", "error_type", "message"),
    [
        ("raise", "ValueError", "no such thing"),
        ("exit", "Runtime.ExitError", "Runtime exited with error: exit status 3"),
        ("leave", "Runtime.ExitError", "Runtime exited without providing a reason"),
        ("segfault", "Runtime.ExitError", "signal: segmentation fault"),
        ("hang", "Sandbox.Timedout", "Task timed out after 2.00 seconds"),
        ("spin", "Sandbox.Timedout", "Task timed out after 2.00 seconds"),
        ("unserialisable", "Runtime.MarshalError", "not JSON serializable"),
        ("memory", "Runtime.OutOfMemory", "signal: killed"),
        ("huge", "Function.ResponseSizeTooLarge", "exceeded maximum allowed payload size (6291556 bytes)"),
    ],
)
def test_a_function_that_fails_is_told_and_the_next_event_is_served(
    unruly: DeployedFunction, play: Play, event: str, error_type: str, message: str
) -> None:
    async def scenario(runtime: LambdaRuntime) -> None:
        told = await error(runtime, unruly, event)
        assert told["errorType"] == error_type
        assert message in told["errorMessage"]
        assert await answer(runtime, unruly) == "fine"

    play(scenario)


@pytest.mark.parametrize("event", ["garbage", "closed"])
def test_what_a_function_does_to_its_output_disturbs_nothing(unruly: DeployedFunction, play: Play, event: str) -> None:
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
def test_a_function_that_does_not_load_says_why(cloud: AwsConnection, play: Play, source: str, error_type: str) -> None:
    function = deploy(cloud, source)

    async def scenario(runtime: LambdaRuntime) -> None:
        assert (await error(runtime, function))["errorType"] == error_type
        with pytest.raises(InvokeError, match="does not start"):
            await runtime.warm(function.live)

    play(scenario)


def test_the_environment_is_lambdas_and_the_functions_and_nothing_else(
    cloud: AwsConnection, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_THE_CALLER", "yes")
    variables = {"COLOUR": "blue", "AWS_LAMBDA_FUNCTION_NAME": "pretender"}
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


def test_the_context_says_who_was_invoked_and_how_long_there_is(cloud: AwsConnection, play: Play) -> None:
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


def test_the_functions_own_role_is_enforced(cloud: AwsConnection, play: Play) -> None:
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


def test_a_new_version_serves_as_soon_as_the_alias_points_there(cloud: AwsConnection, play: Play) -> None:
    source = "import os\nos.getpid()\ndef handler(event, context):\n    return [{}, os.getpid()]"
    function = deploy(cloud, source.replace("{}", "1"))

    async def scenario(runtime: LambdaRuntime) -> None:
        version, old_worker = await answer(runtime, function)
        assert version == 1
        await asyncio.to_thread(function.publish, source.replace("{}", "2"))
        await runtime.refresh()
        assert (await answer(runtime, function))[0] == 2
        assert not Path(f"/proc/{old_worker}").exists()

    play(scenario)


def test_a_new_version_is_noticed_without_being_told(cloud: AwsConnection, play: Play) -> None:
    function = deploy(cloud, "def handler(event, context):\n    return 'old'")

    async def scenario(runtime: LambdaRuntime) -> None:
        assert await answer(runtime, function) == "old"
        await asyncio.to_thread(function.publish, "def handler(event, context):\n    return 'new'")
        while await answer(runtime, function) == "old":
            await asyncio.sleep(0.1)

    play(scenario)


def test_an_alias_shares_its_traffic_by_weight(cloud: AwsConnection, play: Play) -> None:
    source = "import os\ndef handler(event, context):\n    return os.environ['AWS_LAMBDA_FUNCTION_VERSION']"
    function = deploy(cloud, source)
    function.publish(source + "\n")
    weights = {"AdditionalVersionWeights": {"1": 0.5}}
    cloud.client("lambda").update_alias(
        FunctionName=function.name, Name="live", FunctionVersion="2", RoutingConfig=weights
    )

    async def scenario(runtime: LambdaRuntime) -> None:
        assert {await answer(runtime, function) for _ in range(60)} == {"1", "2"}

    play(scenario)


@pytest.mark.parametrize(
    ("reference", "code"),
    [("no such/function", "InvalidParameterValueException"), ("missing:live", "ResourceNotFoundException")],
)
def test_a_function_that_is_not_there_is_refused(play: Play, reference: str, code: str) -> None:
    async def scenario(runtime: LambdaRuntime) -> None:
        with pytest.raises(InvokeError) as refusal:
            await runtime.invoke(reference, b"null")
        assert refusal.value.code == code

    play(scenario)


def test_an_event_over_six_megabytes_is_refused(unruly: DeployedFunction, play: Play) -> None:
    async def scenario(runtime: LambdaRuntime) -> None:
        with pytest.raises(InvokeError, match="must be smaller than 6291456 bytes"):
            await runtime.invoke(unruly.live, b'"' + b"x" * 6 * 2**20 + b'"')

    play(scenario)


def test_the_log_tells_each_event_in_order(unruly: DeployedFunction, play: Play, tmp_path: Path) -> None:
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
        "no such thing",
    ]
    places = [log.index(words) for words in order]
    assert places == sorted(places)
    assert re.search(r"REPORT .*\tMemory Size: 256 MB\tMax Memory Used: [1-9]\d* MB\tInit Duration: ", log)


def test_every_worker_ends_with_the_runtime(unruly: DeployedFunction, play: Play, cloud: AwsConnection) -> None:
    function = deploy(cloud, "import os\ndef handler(event, context):\n    return os.getpid()")
    processes: list[int] = []

    async def scenario(runtime: LambdaRuntime) -> None:
        processes.append(await answer(runtime, function))

    play(scenario)
    assert not Path(f"/proc/{processes[0]}").exists()


def test_a_hanging_worker_ends_with_a_parent_that_is_killed(cloud: AwsConnection, tmp_path: Path, root: Path) -> None:
    source = (
        "import os\ndef handler(event, context):\n    open(event, 'w').write(str(os.getpid()))\n    while True: pass"
    )
    function = deploy(cloud, source, Timeout=60)
    note = tmp_path / "process"
    program = f"""
    import asyncio, json, pathlib
    from localcloud.connection import AwsConnection
    from localcloud.runtime import LambdaRuntime
    connection = AwsConnection(*{[cloud.endpoint_url, cloud.region, cloud.access_key_id, cloud.secret_access_key]!r})
    async def main():
        runtime = LambdaRuntime(connection, pathlib.Path({str(tmp_path / "function.log")!r}))
        await runtime.invoke({function.live!r}, json.dumps({str(note)!r}).encode())
    asyncio.run(main())
    """
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], cwd=root, env=environment)
    while not (note.exists() and note.read_text()):
        time.sleep(0.05)
    parent.kill()
    parent.wait()
    worker = Path(f"/proc/{note.read_text()}/stat")
    while worker.exists() and " Z " not in worker.read_text():
        time.sleep(0.05)
