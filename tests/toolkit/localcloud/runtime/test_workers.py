"""Workers are started, reused, limited and ended."""

import asyncio
import contextlib
import gc
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from tests.support.functions import DeployedFunction, deploy
from tests.support.scenarios import Play, answer, error, wait_until
from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.runtime import InvokeError, LambdaRuntime, worker_pool

HELLO = """
import os
def handler(event, context):
    return {"hello": event["name"], "process": os.getpid()}
"""


def test_idle_worker_is_reused(cloud: AwsConnection, play: Play) -> None:
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


def test_event_beyond_reserved_concurrency_is_rejected(cloud: AwsConnection, play: Play, tmp_path: Path) -> None:
    function = deploy(cloud, "import time\ndef handler(event, context):\n    time.sleep(1)\n    return 'done'")
    cloud.client("lambda").put_function_concurrency(FunctionName=function.name, ReservedConcurrentExecutions=1)

    async def scenario(runtime: LambdaRuntime) -> None:
        await runtime.refresh()
        first = asyncio.create_task(answer(runtime, function))
        await asyncio.to_thread(wait_until, lambda: "START" in (tmp_path / "function.log").read_text())
        with pytest.raises(InvokeError) as refusal:
            await answer(runtime, function)
        assert (refusal.value.status, refusal.value.code) == (429, "TooManyRequestsException")
        assert await first == "done"
        assert await answer(runtime, function) == "done"

    play(scenario)


def test_closing_the_runtime_ends_every_worker(play: Play, cloud: AwsConnection) -> None:
    function = deploy(cloud, "import os\ndef handler(event, context):\n    return os.getpid()")
    processes: list[int] = []

    async def scenario(runtime: LambdaRuntime) -> None:
        processes.append(await answer(runtime, function))

    play(scenario)
    assert not Path(f"/proc/{processes[0]}").exists()


def test_child_processes_of_a_worker_end_with_it(unruly: DeployedFunction, play: Play, tmp_path: Path) -> None:
    children: list[str] = []

    async def scenario(runtime: LambdaRuntime) -> None:
        children.append(str(await answer(runtime, unruly, "child")))
        await error(runtime, unruly, "orphan")  # the worker ends by itself and leaves its child behind
        children.extend(re.findall(r"^child (\d+)$", (tmp_path / "function.log").read_text(), re.MULTILINE))

    play(scenario)
    assert len(children) == 2
    wait_until(lambda: all(has_ended(child) for child in children))  # a killed process ends a moment later


def test_runtime_closes_while_functions_run(unruly: DeployedFunction, play: Play) -> None:
    running: list[asyncio.Task[Any]] = []

    async def scenario(runtime: LambdaRuntime) -> None:
        await answer(runtime, unruly)
        running.extend(asyncio.create_task(answer(runtime, unruly, "hang")) for _ in range(2))
        await asyncio.sleep(0.5)
        for task in running:
            task.cancel()

    play(scenario)
    assert all(task.cancelled() for task in running)


def test_repeatedly_cancelled_invocation_leaves_no_open_resource(
    unruly: DeployedFunction, play: Play, tmp_path: Path
) -> None:
    async def scenario(runtime: LambdaRuntime) -> None:
        invocation = asyncio.create_task(answer(runtime, unruly, "hang"))
        await asyncio.to_thread(wait_until, lambda: "START" in (tmp_path / "function.log").read_text())
        while not invocation.done():  # wherever it waits, also for the worker's end
            invocation.cancel()
            await asyncio.sleep(0)
        with contextlib.suppress(asyncio.CancelledError):
            await invocation

    play(scenario)
    gc.collect()  # what was left open is a warning now, and so an error


def test_hanging_worker_and_its_child_end_when_the_parent_is_killed(
    cloud: AwsConnection, tmp_path: Path, root: Path
) -> None:
    source = """
    import os, subprocess
    def handler(event, context):
        child = subprocess.Popen(["sleep", "60"])
        open(event, "w").write(f"{os.getpid()} {child.pid} .")
        while True: pass
    """
    function = deploy(cloud, source, Timeout=60)
    note = tmp_path / "process"
    program = f"""
    import asyncio, json, pathlib
    from toolkit.localcloud.connection import AwsConnection
    from toolkit.localcloud.runtime import LambdaRuntime
    connection = AwsConnection(*{[cloud.endpoint_url, cloud.region, cloud.access_key_id, cloud.secret_access_key]!r})
    async def main():
        runtime = LambdaRuntime(connection, pathlib.Path({str(tmp_path / "function.log")!r}))
        await runtime.invoke({function.live!r}, json.dumps({str(note)!r}).encode())
    asyncio.run(main())
    """
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], cwd=root, env=environment) as parent:
        try:
            wait_until(lambda: note.exists() and note.read_text().endswith("."))
        finally:
            parent.kill()
    worker, child, _ = note.read_text().split()
    wait_until(lambda: has_ended(worker) and has_ended(child))


def has_ended(process: str) -> bool:
    """Return whether a process is gone, or waits for its new parent to notice."""
    try:
        return " Z " in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return True


def test_worker_without_events_ends_and_the_next_event_starts_another(
    cloud: AwsConnection, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_pool, "IDLE_SECONDS", 0.1)
    function = deploy(cloud, HELLO)

    async def scenario(runtime: LambdaRuntime) -> None:
        first = await answer(runtime, function, {"name": "world"})
        await asyncio.to_thread(wait_until, lambda: has_ended(str(first["process"])))
        assert (await answer(runtime, function, {"name": "world"}))["process"] != first["process"]

    play(scenario)


def test_each_function_has_its_own_log_beside_that_of_the_main_function(cloud: AwsConnection, tmp_path: Path) -> None:
    group = {"LogGroup": "/service/local/order-worker-0a1b2c3"}
    main = deploy(cloud, "def handler(event, context):\n    print('from main')")
    other = deploy(cloud, "def handler(event, context):\n    print('from other')", LoggingConfig=group)

    async def scenario() -> None:
        runtime = LambdaRuntime(cloud, tmp_path / "function.log", main.name)
        await answer(runtime, main)
        await answer(runtime, other)
        await runtime.close()

    asyncio.run(scenario())
    assert "from main" in (tmp_path / "function.log").read_text()
    assert "from other" not in (tmp_path / "function.log").read_text()
    assert "from other" in (tmp_path / "order-worker.log").read_text()
