"""What the local front adds to an invocation, and how it stands 50 clients at once."""

import asyncio
import json
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import httpx
import typer
from rich.console import Console

from tests.benchmarks.results import Result, Row, show
from tests.support.functions import deploy
from tests.support.http_apis import ApiBuilder, ServedApi, create_pool, serving
from toolkit.localcloud.aws import EmbeddedAws

CLIENTS = 50
Answer = TypeVar("Answer")
EVENT = json.dumps({"version": "2.0", "headers": {"host": "127.0.0.1"}}).encode()
HELLO = """
def handler(event, context):
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": "{}"}
"""


def measure(requests: int = 500, seconds: float = 10) -> list[Result]:
    """Milliseconds; what the front adds holds the client's own work too."""
    with EmbeddedAws() as aws, tempfile.TemporaryDirectory() as folder:
        function = deploy(aws.connection, HELLO, MemorySize=512)
        pool = create_pool(aws.connection)
        pool.add_user("bench@example.com")
        api = ApiBuilder(aws.connection)
        api.route("GET /hello", api.function(function.live), api.authorizer(pool))
        headers = {"Authorization": f"Bearer {pool.token('bench@example.com')}"}
        with serving(aws.connection, api.id, Path(folder)) as front:
            cold = _in_the_fronts_loop(front, _timed(front.runtime.invoke(function.live, EVENT)))
            taken = _in_the_fronts_loop(front, _in_turn(front, function.live, headers, requests))
            crowd, statuses = _in_the_fronts_loop(front, _crowd(front, headers, seconds))
    invocation, through = (statistics.median(times) for times in zip(*taken, strict=True))
    rows = [
        Row("cold start of a one-line function", cold, "ms"),
        Row("invocation, median", invocation, "ms", 1.0),
        Row("request through the front, median", through, "ms", through / invocation),
        Row("added by the front, median", through - invocation, "ms", goal="< 5 ms"),
        Row(f"{CLIENTS} clients at once, median", statistics.median(crowd), "ms"),
        Row(f"{CLIENTS} clients at once, p99", statistics.quantiles(crowd, n=100)[98], "ms"),
        Row(f"{CLIENTS} clients at once, requests a second", len(crowd) / seconds, ""),
        *(Row(f"{CLIENTS} clients at once, answers {status}", count, "") for status, count in sorted(statuses.items())),
    ]
    return [Result("The local front, against the bare invocation", rows)]


def _in_the_fronts_loop(front: ServedApi, work: Coroutine[Any, Any, Answer]) -> Answer:
    """Two threads of one Python would wait for each other's lock, and that is what would be measured."""
    return asyncio.run_coroutine_threadsafe(work, front.loop).result()


async def _in_turn(
    front: ServedApi, function: str, headers: dict[str, str], requests: int
) -> list[tuple[float, float]]:
    """An invocation, then a request, again and again: a machine that slows down slows both."""
    reader, writer = await asyncio.open_connection(*front.url.removeprefix("http://").split(":"))
    lines = ["GET /hello HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    request = "\r\n".join(lines).encode()

    async def ask() -> None:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        await reader.readexactly(len(b"{}"))

    await ask()
    taken = [(await _timed(front.runtime.invoke(function, EVENT)), await _timed(ask())) for _ in range(requests)]
    writer.close()
    return taken


async def _crowd(front: ServedApi, headers: dict[str, str], seconds: float) -> tuple[list[float], Counter[str]]:
    times: list[float] = []
    statuses: Counter[str] = Counter()
    end = time.monotonic() + seconds

    async def ask() -> None:
        async with httpx.AsyncClient(base_url=front.url, trust_env=False, timeout=60) as client:
            while time.monotonic() < end:
                begun = time.perf_counter()
                answer = await client.get("/hello", headers=headers)
                times.append((time.perf_counter() - begun) * 1000)
                statuses[str(answer.status_code)] += 1

    await asyncio.gather(*(ask() for _ in range(CLIENTS)))
    return times, statuses


async def _timed(work: Any) -> float:
    begun = time.perf_counter()
    await work
    return (time.perf_counter() - begun) * 1000


def main(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False, seconds: float = 10) -> None:
    """Measure the front alone."""
    console = Console()
    for result in measure(seconds=seconds):
        if as_json:
            console.print_json(json.dumps(result.as_json()))
        else:
            show(result, console)


if __name__ == "__main__":
    typer.run(main)
