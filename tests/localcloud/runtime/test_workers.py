"""Workers are started, used again, limited and ended."""

import asyncio
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from localcloud.connection import AwsConnection
from localcloud.runtime import InvokeError, LambdaRuntime
from tests.support.functions import deploy
from tests.support.scenarios import Play, answer, wait_until

HELLO = """
import os
def handler(event, context):
    return {"hello": event["name"], "process": os.getpid()}
"""


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


def test_every_worker_ends_with_the_runtime(play: Play, cloud: AwsConnection) -> None:
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
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], cwd=root, env=environment) as parent:
        try:
            wait_until(lambda: note.exists() and note.read_text() != "")
        finally:
            parent.kill()
    wait_until(lambda: has_ended(note.read_text()))


def has_ended(process: str) -> bool:
    """Whether a process is gone, or waits for its new parent to notice."""
    try:
        return " Z " in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return True
