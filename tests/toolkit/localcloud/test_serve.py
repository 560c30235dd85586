"""A served stack shuts down in order while requests are in progress."""

import asyncio
import logging
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.functions import deploy
from tests.support.http_apis import ACCOUNT, ApiBuilder, create_pool
from tests.support.local_stack import free_port
from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.serve import ServedStack

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SLOW = """
import time
def handler(event, context):
    if event["rawPath"] == "/slow": time.sleep(60)
    return {"statusCode": 200}
"""


@pytest.fixture(autouse=True)
def restored_handlers() -> Iterator[None]:
    handlers = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
def test_request_in_progress_at_shutdown_is_answered(
    cloud: AwsConnection, tmp_path: Path, caplog: pytest.LogCaptureFixture, number: signal.Signals
) -> None:
    function, api = deploy(cloud, SLOW, Timeout=60), ApiBuilder(cloud)
    api.route("$default", api.function(function.live))
    outputs = {
        "function_name": function.name,
        "function_alias": "live",
        "api_id": api.id,
        "user_pool_id": create_pool(cloud).id,
    }
    url = httpx.URL(f"http://127.0.0.1:{free_port()}")
    answers: list[httpx.Response] = []

    async def main() -> None:
        stack: Any = ServedStack(cloud, ACCOUNT, outputs, tmp_path, url)
        async with stack.serving() as server, httpx.AsyncClient(base_url=url, trust_env=False, timeout=30) as client:
            await stack.check_health()
            slow = asyncio.create_task(client.get("/slow"))
            async with asyncio.timeout(30):
                while (tmp_path / "function.log").read_text().count("START") < 2:
                    await asyncio.sleep(0.05)
            os.kill(os.getpid(), number)
            await server
            answers.append(await slow)

    with caplog.at_level(logging.WARNING):
        asyncio.run(main())
    assert [answer.status_code for answer in answers] == [503]
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []
    assert {signal.getsignal(each) for each in SIGNALS} == {signal.SIG_IGN}, "a further signal would cut the end short"
