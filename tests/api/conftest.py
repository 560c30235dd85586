"""An embedded AWS with the tables and the bucket of the stack, and the Lambda handler on it."""

import asyncio
import importlib
import io
import json
import logging
import os
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

import pytest

from api.aws import AwsClients
from api.definition import BUCKETS, QUEUES, SECRETS, TABLES, Table, secret_variable
from tests.support.events import CLIENT_ID, http_event, user_claims
from tests.support.responses import Answer
from toolkit.localcloud.aws import EmbeddedAws
from toolkit.localcloud.connection import AwsConnection

Handler = Callable[[dict[str, Any], Any], Any]
REGION = "eu-central-1"


@pytest.fixture(scope="session")
def event_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """The loop of every call: `asyncio.run` in another test removes the one that the function set for its thread."""
    loop = asyncio.new_event_loop()
    yield loop
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture(scope="session")
def connection() -> Iterator[AwsConnection]:
    """An embedded AWS in a separate process, which mocks of other tests do not affect."""
    with EmbeddedAws(region=REGION) as aws:
        yield aws.connection


@pytest.fixture(scope="session")
def cloud(connection: AwsConnection) -> str:
    """The endpoint of the embedded AWS."""
    return connection.endpoint_url


@pytest.fixture(scope="session")
def environment(connection: AwsConnection) -> dict[str, str]:
    """The environment of a deployed function whose resources exist; each test worker has other names."""
    client, suffix = connection.client, uuid.uuid4().hex[:8]

    for table in TABLES:
        client("dynamodb").create_table(**table_request(table, f"{table.name}-{suffix}"))
    for bucket in BUCKETS:
        location = {"LocationConstraint": REGION}
        client("s3").create_bucket(Bucket=f"{bucket.name}-{suffix}", CreateBucketConfiguration=location)
    queues = {
        queue.variable: client("sqs").create_queue(QueueName=f"{queue.name}-{suffix}")["QueueUrl"] for queue in QUEUES
    }
    secrets = {
        secret_variable(name): client("secretsmanager").create_secret(Name=f"{name}-{suffix}", SecretString="k" * 32)
        for name in SECRETS
    }
    return {
        "AWS_ACCESS_KEY_ID": connection.access_key_id,
        "AWS_SECRET_ACCESS_KEY": connection.secret_access_key,
        "AWS_ENDPOINT_URL": connection.endpoint_url,
        "AWS_REGION": REGION,
        "AWS_LAMBDA_FUNCTION_NAME": "items-api",
        "AWS_LAMBDA_FUNCTION_VERSION": "7",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "ENVIRONMENT": "dev",
        "DOCS_ENABLED": "true",
        "SERVICE_VERSION": "0123456789ab",
        **{table.variable: f"{table.name}-{suffix}" for table in TABLES},
        **{bucket.variable: f"{bucket.name}-{suffix}" for bucket in BUCKETS},
        **queues,
        **{variable: secret["ARN"] for variable, secret in secrets.items()},
        "RATE_LIMIT_PER_MINUTE": "0",
        "SIGN_IN_URL": "https://sign-in.example.com",
        "WEB_CLIENT_ID": CLIENT_ID,
        "POWERTOOLS_SERVICE_NAME": "items-api",
        "POWERTOOLS_METRICS_NAMESPACE": "items-api",
    }


def table_request(table: Table, name: str) -> dict[str, Any]:
    """The request that creates a table as the stack does, with its indexes."""
    indexed = {key for index in table.indexes for key in (index.hash_key, index.range_key)}
    request: dict[str, Any] = {
        "TableName": name,
        "KeySchema": key_schema("owner", "record"),
        "AttributeDefinitions": [
            {"AttributeName": each, "AttributeType": "S"} for each in sorted({"owner", "record"} | indexed)
        ],
        "BillingMode": "PAY_PER_REQUEST",
    }
    if table.indexes:
        request["GlobalSecondaryIndexes"] = [
            {
                "IndexName": index.name,
                "KeySchema": key_schema(index.hash_key, index.range_key),
                "Projection": {"ProjectionType": "ALL"},
            }
            for index in table.indexes
        ]
    return request


def key_schema(hash_key: str, range_key: str) -> list[dict[str, str]]:
    """The key of a table or an index."""
    return [{"AttributeName": hash_key, "KeyType": "HASH"}, {"AttributeName": range_key, "KeyType": "RANGE"}]


@pytest.fixture(scope="session")
def dynamodb(environment: dict[str, str]) -> Any:
    """The function's own DynamoDB client."""
    with environ(environment):
        return AwsClients(REGION).dynamodb


@contextmanager
def environ(variables: Mapping[str, str]) -> Iterator[None]:
    """Call the function; the process has its environment variables during the call only."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="session")
def cold_start(environment: dict[str, str], event_loop: asyncio.AbstractEventLoop) -> Callable[..., Handler]:
    """Start a new function, as a cold start does, with other variables (None removes one)."""

    def begin(**changes: str | None) -> Handler:
        variables = {name: value for name, value in (environment | changes).items() if value is not None}
        sys.modules.pop("api.lambda_handler", None)
        with environ(variables):
            handler = importlib.import_module("api.lambda_handler").handler
        asyncio.get_event_loop().close()

        def invoke(event: dict[str, Any], context: Any) -> Any:
            asyncio.set_event_loop(event_loop)
            with environ(variables):
                return handler(event, context)

        return invoke

    return begin


@pytest.fixture(scope="session")
def start(cold_start: Callable[..., Handler]) -> Callable[..., Callable[..., Answer]]:
    """Start a new function and call it by method and path."""
    return lambda **changes: caller_of(cold_start(**changes))


@pytest.fixture(scope="session")
def handler(cold_start: Callable[..., Handler]) -> Handler:
    """The running function, as AWS calls it."""
    return cold_start()


@pytest.fixture(scope="session")
def call(handler: Handler) -> Callable[..., Answer]:
    """Call the running function: `call("GET", "/health")`."""
    return caller_of(handler)


@pytest.fixture
def ada() -> dict[str, str]:
    """A user without items."""
    return user_claims(f"ada-{uuid.uuid4()}")


@pytest.fixture
def attachments(call: Callable[..., Answer], ada: dict[str, str]) -> str:
    """The address of the attachments of a new item."""
    location = call("POST", "/api/v1/items", claims=ada, body={"name": "Lamp"}).headers["location"]
    return f"{location}/attachments"


def caller_of(handler: Handler) -> Callable[..., Answer]:
    """The function by method and path."""

    def send(method: str, path: str, **event: Any) -> Answer:
        return Answer.of(handler(http_event(method, path, **event), None))

    return send


@pytest.fixture
def log() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Return the lines that the function logged in this test."""
    from api.telemetry import logger

    stream = io.StringIO()
    output = cast("logging.StreamHandler[Any]", logger.registered_handler)
    before = output.setStream(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    output.setStream(before or sys.stdout)
