"""What the local front adds to an invocation, and how it stands 50 clients at once."""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

from localcloud.aws import EmbeddedAws
from localcloud.connection import AwsConnection
from localcloud.runtime import LambdaRuntime
from tests.support.functions import deploy
from tests.support.http_apis import ApiBuilder, Front, create_pool, serving

CLIENTS = 50
HELLO = """
def handler(event, context):
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": "{}"}
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--requests", type=int, default=500, help="requests one after another")
    parser.add_argument("--seconds", type=float, default=10, help=f"how long {CLIENTS} clients ask at once")
    options = parser.parse_args()
    figures = measure(options.requests, options.seconds)
    if options.json:
        print(json.dumps(figures))  # noqa: T201 - a benchmark's output
        return
    for name, value in figures.items():
        print(f"{name:34} {value}")  # noqa: T201 - a benchmark's output


def measure(requests: int, seconds: float) -> dict[str, Any]:
    """Times are milliseconds; `added` is front minus invocation, the client's own work included."""
    with EmbeddedAws() as aws, tempfile.TemporaryDirectory() as folder:
        aws.enforce_permissions()
        function = deploy(aws.connection, HELLO, MemorySize=512)
        pool = create_pool(aws.connection)
        pool.add_user("bench@example.com")
        api = ApiBuilder(aws.connection)
        api.route("GET /hello", api.function(function.live), api.authorizer(pool))
        headers = {"Authorization": f"Bearer {pool.token('bench@example.com')}"}
        cold, invocation = asyncio.run(_invocations(aws.connection, function.live, requests, Path(folder)))
        with serving(aws.connection, api.id, Path(folder)) as front:
            through = _one_after_another(front, headers, requests)
            crowd, statuses = asyncio.run(_crowd(front, headers, seconds))
    return {
        "cold_start_ms": round(cold, 1),
        "invocation_median_ms": round(statistics.median(invocation), 2),
        "front_median_ms": round(statistics.median(through), 2),
        "front_added_median_ms": round(statistics.median(through) - statistics.median(invocation), 2),
        "front_to_invocation_ratio": round(statistics.median(through) / statistics.median(invocation), 2),
        "crowd_clients": CLIENTS,
        "crowd_requests_a_second": round(len(crowd) / seconds, 1),
        "crowd_median_ms": round(statistics.median(crowd), 1),
        "crowd_p99_ms": round(statistics.quantiles(crowd, n=100)[98], 1),
        "crowd_statuses": dict(statuses),
    }


async def _invocations(
    connection: AwsConnection, function: str, requests: int, folder: Path
) -> tuple[float, list[float]]:
    runtime = LambdaRuntime(connection, folder / "bare.log")
    event = json.dumps({"version": "2.0", "headers": {"host": "127.0.0.1"}}).encode()
    try:
        await runtime.invoke(function, event)
        times = [await _timed(runtime.invoke(function, event)) for _ in range(requests)]
        await runtime.close()
        runtime = LambdaRuntime(connection, folder / "bare.log")
        return await _timed(runtime.invoke(function, event)), times
    finally:
        await runtime.close()


def _one_after_another(front: Front, headers: dict[str, str], requests: int) -> list[float]:
    with front.client() as client:
        times = []
        for _ in range(requests + 10):
            begun = time.perf_counter()
            client.get("/hello", headers=headers).raise_for_status()
            times.append((time.perf_counter() - begun) * 1000)
    return times[10:]


async def _crowd(front: Front, headers: dict[str, str], seconds: float) -> tuple[list[float], Counter[str]]:
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


if __name__ == "__main__":
    main()
