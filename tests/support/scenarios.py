"""Scenarios that run against a Lambda runtime of their own."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tests.support.functions import DeployedFunction
from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.runtime import LambdaRuntime

GIVE_UP_SECONDS = 30
Scenario = Callable[[LambdaRuntime], Awaitable[None]]
Play = Callable[[Scenario], None]


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for what must happen, however busy the machine is."""
    end = time.monotonic() + GIVE_UP_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"it has not happened within {GIVE_UP_SECONDS} s")
        time.sleep(0.05)


def play(connection: AwsConnection, folder: Path, scenario: Scenario) -> None:
    """Run a scenario; the runtime logs to `function.log` in the folder."""

    async def main() -> None:
        runtime = LambdaRuntime(connection, folder / "function.log")
        try:
            await scenario(runtime)
        finally:
            await runtime.close()

    asyncio.run(main())


async def answer(runtime: LambdaRuntime, function: DeployedFunction, event: Any = None) -> Any:
    """What the function's alias answers to an event."""
    invocation = await runtime.invoke(function.live, json.dumps(event).encode())
    assert invocation.function_error is None, invocation.payload
    return json.loads(invocation.payload)


async def error(runtime: LambdaRuntime, function: DeployedFunction, event: Any = None) -> dict[str, Any]:
    """The error with which the function's alias answers to an event."""
    invocation = await runtime.invoke(function.live, json.dumps(event).encode())
    assert invocation.function_error == "Unhandled"
    body: dict[str, Any] = json.loads(invocation.payload)
    return body
