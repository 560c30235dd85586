"""The list of functions names what invokes each of them, and its log."""

import asyncio
from pathlib import Path

from tests.support.event_delivery import QUEUE_ACTIONS, allow, map_source, printer, queue
from tests.support.http_apis import ApiBuilder
from toolkit.localcloud.aws import EmbeddedAws
from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.events.delivery import EventDelivery
from toolkit.localcloud.events.invoked_functions import InvokedFunction, invoked_functions
from toolkit.localcloud.runtime import LambdaRuntime


def listed(connection: AwsConnection, folder: Path, main: str) -> dict[str, InvokedFunction]:
    async def read() -> list[InvokedFunction]:
        runtime = LambdaRuntime(connection, folder / "function.log", main)
        events = EventDelivery(connection, runtime)
        try:
            await runtime.connect(events)
            return await invoked_functions(connection, runtime, await events.sources())
        finally:
            await events.close()
            await runtime.close()

    return {function.name: function for function in asyncio.run(read())}


def test_functions_are_listed_with_what_invokes_them(tmp_path: Path) -> None:
    with EmbeddedAws() as aws:
        cloud = aws.connection
        source = queue(cloud)
        api, group = printer(cloud), {"LogGroup": "/service/local/worker"}
        worker = printer(cloud, allow(source, *QUEUE_ACTIONS), LoggingConfig=group)
        idle = printer(cloud)
        builder = ApiBuilder(cloud)
        builder.route("$default", builder.function(api.live))
        map_source(cloud, worker, source)
        cloud.client("lambda").add_permission(
            FunctionName=worker.name,
            Qualifier="live",
            StatementId="topic",
            Action="lambda:InvokeFunction",
            Principal="sns.amazonaws.com",
            SourceArn="arn:aws:sns:us-east-1:123456789012:events",
        )
        found = listed(cloud, tmp_path, api.name)
    assert found[api.name].invoked_by == ("the HTTP API",)
    assert found[api.name].log == tmp_path / "function.log"
    assert found[worker.name].invoked_by == ("topic events", f"queue {source.rpartition(':')[2]}")
    assert found[worker.name].log == tmp_path / "worker.log"
    assert (found[idle.name].invoked_by, found[idle.name].log) == ((), tmp_path / f"{idle.name}.log")
