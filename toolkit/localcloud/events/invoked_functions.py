"""The functions of the embedded AWS, with what invokes each of them and its log."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.events.event_source_mapping import EventSourceMapping
from toolkit.localcloud.events.schedules import Schedule
from toolkit.localcloud.runtime import LambdaRuntime

SERVICES = {
    "apigateway": "the HTTP API",
    "s3": "bucket",
    "secretsmanager": "Secrets Manager",
    "sns": "topic",
}
"""By the name of a service that a function's policy permits, what invokes the function."""
NAMED_BY_SOURCE = {"s3", "sns"}
"""The services of which the policy names the resource."""


@dataclass(frozen=True)
class InvokedFunction:
    """A function, what invokes it, and the file with its log."""

    name: str
    invoked_by: tuple[str, ...]
    log: Path


async def invoked_functions(
    connection: AwsConnection, runtime: LambdaRuntime, sources: Sequence[EventSourceMapping | Schedule]
) -> list[InvokedFunction]:
    """Return the functions of the account, by name."""
    aliases = await asyncio.to_thread(_aliases, connection)
    deployed = await asyncio.gather(*(runtime.deployment(arn) for _, arn in aliases))
    return [
        InvokedFunction(
            name,
            tuple(dict.fromkeys([*_permitted(deployment.policy), *_of_sources(arn, sources)])),
            runtime.logs.path(deployment.versions[0][0]),
        )
        for (name, arn), deployment in zip(aliases, deployed, strict=True)
    ]


def _aliases(connection: AwsConnection) -> list[tuple[str, str]]:
    """Return the name of each function, with the ARN of its first alias or of itself. Blocks on the network."""
    client = connection.client("lambda")
    functions = [each for page in client.get_paginator("list_functions").paginate() for each in page["Functions"]]
    found = []
    for function in sorted(functions, key=lambda each: str(each["FunctionName"])):
        aliases = client.list_aliases(FunctionName=function["FunctionName"])["Aliases"]
        arn = aliases[0]["AliasArn"] if aliases else function["FunctionArn"]
        found.append((str(function["FunctionName"]), str(arn)))
    return found


def _permitted(policy: str) -> Iterator[str]:
    """Yield what a function's policy permits to invoke it."""
    for statement in json.loads(policy)["Statement"]:
        principal = statement.get("Principal")
        service = str(principal.get("Service")).partition(".")[0] if isinstance(principal, dict) else ""
        what = SERVICES.get(service, service)
        source = _source(statement.get("Condition") or {})
        if what:
            yield f"{what} {source}" if service in NAMED_BY_SOURCE and source else what


def _source(condition: dict[str, Any]) -> str:
    found = [value for test in condition.values() for key, value in test.items() if key.lower() == "aws:sourcearn"]
    return str(found[0]).rpartition(":")[2] if found else ""


def _of_sources(arn: str, sources: Sequence[EventSourceMapping | Schedule]) -> Iterator[str]:
    for source in sources:
        if isinstance(source, Schedule):
            if source.target == arn:
                yield f"schedule {source.name}"
        elif source.function == arn:
            _, _, service, _, _, name = source.source.split(":", 5)
            yield f"queue {name}" if service == "sqs" else f"stream of {name.split('/')[1]}"
