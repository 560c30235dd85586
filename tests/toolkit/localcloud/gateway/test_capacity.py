"""Throttles that fit the reserved concurrency prevent Lambda's own throttling."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.functions import deploy
from tests.support.http_apis import ApiBuilder, create_pool, serving
from toolkit.localcloud.connection import AwsConnection

SLOW = "import time\ndef handler(event, context):\n    time.sleep(0.3)\n    return {'statusCode': 200}"
PUBLIC = {"ThrottlingRateLimit": 0.1, "ThrottlingBurstLimit": 3}
ITEMS = {"ThrottlingRateLimit": 0.1, "ThrottlingBurstLimit": 2}


@pytest.mark.parametrize(("reserved", "anonymous", "signed_in"), [(5, {200: 3, 429: 17}, {200: 2}), (2, None, None)])
def test_burst_of_public_requests_gets_429_and_503_only_where_concurrency_is_too_small(
    reserved: int,
    anonymous: dict[int, int] | None,
    signed_in: dict[int, int] | None,
    cloud: AwsConnection,
    tmp_path: Path,
) -> None:
    function = deploy(cloud, SLOW)
    cloud.client("lambda").put_function_concurrency(FunctionName=function.name, ReservedConcurrentExecutions=reserved)
    pool = create_pool(cloud)
    pool.add_user("demo@example.com")
    api = ApiBuilder(cloud, stage={"RouteSettings": {"GET /health": PUBLIC, "GET /items": ITEMS}})
    integration = api.function(function.live)
    api.route("GET /health", integration)
    api.route("GET /items", integration, api.authorizer(pool))
    headers = {"authorization": f"Bearer {pool.token('demo@example.com')}"}

    with serving(cloud, api.id, tmp_path) as served, served.client() as client, ThreadPoolExecutor(22) as threads:
        flood = [threads.submit(client.get, "/health") for _ in range(20)]
        calls = [threads.submit(client.get, "/items", headers=headers) for _ in range(2)]
        found = Counter(one.result().status_code for one in flood)
        answered = Counter(one.result().status_code for one in calls)

    if anonymous is None:
        assert (found + answered)[503] > 0
    else:
        assert (found, answered) == (anonymous, signed_in)
