"""Functions run as Lambda runs them, on real workers under AWS's runtime client."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from localcloud.connection import AwsConnection
from localcloud.runtime import Invocation, LambdaRuntime
from tests.support.functions import DeployedFunction, deploy

HELLO = """
import os
def handler(event, context):
    return {"hello": event["name"], "process": os.getpid()}
"""


@asynccontextmanager
async def running(connection: AwsConnection, tmp_path: Path) -> AsyncIterator[LambdaRuntime]:
    runtime = LambdaRuntime(connection, tmp_path / "function.log")
    try:
        yield runtime
    finally:
        await runtime.close()


async def answer(runtime: LambdaRuntime, function: DeployedFunction, event: Any = None) -> Any:
    invocation = await runtime.invoke(function.live, json.dumps(event).encode())
    assert invocation.function_error is None, invocation.payload
    return json.loads(invocation.payload)


async def error(runtime: LambdaRuntime, function: DeployedFunction, event: Any = None) -> dict[str, Any]:
    invocation: Invocation = await runtime.invoke(function.live, json.dumps(event).encode())
    assert invocation.function_error == "Unhandled"
    body: dict[str, Any] = json.loads(invocation.payload)
    return body


def test_a_worker_is_used_again_when_it_is_idle(cloud: AwsConnection, tmp_path: Path) -> None:
    function = deploy(cloud, HELLO)

    async def scenario() -> None:
        async with running(cloud, tmp_path) as runtime:
            first = await answer(runtime, function, {"name": "world"})
            second = await answer(runtime, function, {"name": "world"})
            assert first["hello"] == "world"
            assert first["process"] == second["process"]

    asyncio.run(scenario())


def test_two_events_at_once_run_on_two_workers(cloud: AwsConnection, tmp_path: Path) -> None:
    function = deploy(
        cloud, "import os, time\ndef handler(event, context):\n    time.sleep(0.5)\n    return os.getpid()"
    )

    async def scenario() -> None:
        async with running(cloud, tmp_path) as runtime:
            first, second = await asyncio.gather(answer(runtime, function), answer(runtime, function))
            assert first != second

    asyncio.run(scenario())
