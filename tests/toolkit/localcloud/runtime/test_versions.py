"""An alias selects the versions that run."""

import asyncio
from pathlib import Path

from tests.support.functions import deploy
from tests.support.scenarios import GIVE_UP_SECONDS, Play, answer
from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.runtime import LambdaRuntime


def test_updated_alias_invokes_the_new_version_at_once(cloud: AwsConnection, play: Play) -> None:
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


def test_new_version_is_invoked_without_notification(cloud: AwsConnection, play: Play) -> None:
    function = deploy(cloud, "def handler(event, context):\n    return 'old'")

    async def scenario(runtime: LambdaRuntime) -> None:
        assert await answer(runtime, function) == "old"
        await asyncio.to_thread(function.publish, "def handler(event, context):\n    return 'new'")
        async with asyncio.timeout(GIVE_UP_SECONDS):
            while await answer(runtime, function) == "old":
                await asyncio.sleep(0.1)

    play(scenario)


def test_alias_routes_traffic_by_weight(cloud: AwsConnection, play: Play) -> None:
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
