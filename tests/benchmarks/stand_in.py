"""A DynamoDB on loopback for the measured functions to talk to, with the tables and the secret of the service."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

from tests.benchmarks.tls_front import tls_front

REGION = "eu-central-1"
ITEMS, SESSIONS = "items", "sessions"
KEYS = {
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    # What Lambda's runtime client tells of every invocation, here one that X-Ray does not draw.
    "AWS_LAMBDA_FUNCTION_NAME": "items-api",
    "_X_AMZN_TRACE_ID": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0",
}


@contextmanager
def embedded_aws() -> Iterator[tuple[dict[str, str], str]]:
    """The environment of a function whose AWS is here, and that AWS's certificate; it ends with the block."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line per call is not what is wanted here
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        plain = f"http://{host}:{port}"
        environment = _environment(plain)
        with TemporaryDirectory() as folder, tls_front(plain, Path(folder)) as (endpoint, certificate):
            yield environment | {"AWS_ENDPOINT_URL": endpoint}, certificate
    finally:
        server.stop()


def _environment(endpoint: str) -> dict[str, str]:
    known: dict[str, Any] = {
        "endpoint_url": endpoint,
        "region_name": REGION,
        "aws_access_key_id": "key",
        "aws_secret_access_key": "secret",
    }
    dynamodb = boto3.client("dynamodb", **known)
    for table in (ITEMS, SESSIONS):
        dynamodb.create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "owner", "KeyType": "HASH"}, {"AttributeName": "record", "KeyType": "RANGE"}],
            AttributeDefinitions=[
                {"AttributeName": "owner", "AttributeType": "S"},
                {"AttributeName": "record", "AttributeType": "S"},
            ],
        )
    secret = boto3.client("secretsmanager", **known).create_secret(Name="cursor-key", SecretString="0" * 64)
    return KEYS | {
        "AWS_LAMBDA_FUNCTION_NAME": "items-api",
        "ENVIRONMENT": "prod",
        "SERVICE_VERSION": "0123456789ab",
        "ITEMS_TABLE": ITEMS,
        "SESSIONS_TABLE": SESSIONS,
        "ATTACHMENTS_BUCKET": "attachments",
        "CURSOR_KEY_SECRET_ARN": secret["ARN"],
        "RATE_LIMIT_PER_MINUTE": "1000000",
        "SIGN_IN_URL": "https://sign-in.example.com",
        "WEB_CLIENT_ID": "web",
        "POWERTOOLS_SERVICE_NAME": "items-api",
        "POWERTOOLS_METRICS_NAMESPACE": "items-api",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",  # as on Lambda, where the package's folder is read-only
    }
