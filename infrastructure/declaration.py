"""Checks `api.definition`: what AWS would refuse, and names that are used twice, in one sentence each."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

import pulumi

from api.definition import (
    BUCKETS,
    FUNCTIONS,
    MACHINE_CLIENTS,
    PARAMETERS,
    QUEUES,
    RESOURCE_SERVER,
    SCHEDULES,
    SCOPES,
    SECRETS,
    STREAMS,
    TABLES,
    TOPICS,
    UPLOADS,
    secret_variable,
)
from toolkit.resource_types.quotas import INDEXES_OF_A_TABLE
from toolkit.resource_types.schedule_expression import EXAMPLES, is_valid

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_INDEX_NAME = re.compile(r"[A-Za-z0-9_.-]{3,255}")
_API = ("api", "function")
"""The names of the API's function: of its resources, and of its log group."""
MAX_STREAM_FUNCTIONS = 2
"""More readers of one shard are throttled:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html (read 2026-11-30)."""
MAX_BATCH = 10
"""Of a standard queue without a batching window:
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html (read 2026-11-30)."""


def require_valid_declaration() -> None:
    """Raise RunError with one sentence per mistake of the declaration."""
    if violations := list(declaration_violations()):
        raise pulumi.RunError("\n".join(f"api/definition.py {violation}." for violation in violations))


def declaration_violations() -> Iterator[str]:
    """Yield a sentence, without its subject and full stop, for each mistake of the declaration."""
    yield from _name_violations()
    yield from _table_violations()
    yield from _function_violations()
    yield from _event_violations()


def _name_violations() -> Iterator[str]:
    kinds: dict[str, Iterable[str]] = {
        "table": (table.name for table in TABLES),
        "bucket": (bucket.name for bucket in BUCKETS),
        "function": (function.name for function in FUNCTIONS),
        "queue": (queue.name for queue in QUEUES),
        "topic": (topic.name for topic in TOPICS),
        "schedule": (schedule.name for schedule in SCHEDULES),
        "secret": iter(SECRETS),  # a Counter of a mapping has its values
        "parameter": (parameter.name for parameter in PARAMETERS),
        "machine client": (client.name for client in MACHINE_CLIENTS),
    }
    for kind, names in kinds.items():
        for name, count in Counter(names).items():
            if count > 1:
                yield f"has {count} different {kind}s with the name {name}; give each its own"
            if not _NAME.fullmatch(name):
                yield f"has a {kind} with the name {name!r}; use lower-case words with hyphens, such as order-events"
    variables = [resource.variable for kind in (TABLES, BUCKETS, QUEUES, TOPICS, PARAMETERS) for resource in kind]
    variables += map(secret_variable, SECRETS)
    yield from (
        f"has {count} resources with the environment variable {variable}; rename one"
        for variable, count in Counter(variables).items()
        if count > 1
    )


def _table_violations() -> Iterator[str]:
    for table in TABLES:
        if len(table.indexes) > INDEXES_OF_A_TABLE:
            yield f"has {len(table.indexes)} indexes of the table {table.name}; DynamoDB accepts {INDEXES_OF_A_TABLE}"
        for name, count in Counter(index.name for index in table.indexes).items():
            if count > 1:
                yield f"has {count} indexes {name} of the table {table.name}; give each its own name"
            if not _INDEX_NAME.fullmatch(name):
                yield f"has an index {name!r} of the table {table.name}; use 3 to 255 letters, digits, _, . and -"


def _function_violations() -> Iterator[str]:
    for function in FUNCTIONS:
        where = f"the function {function.name}"
        if function.name in _API:
            yield f"has {where}, which is the name of the API's own; use another one"
        if not re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", function.handler):
            yield f"has the handler {function.handler!r} of {where}; use one such as api.worker.handler"
        if not 128 <= function.memory_mb <= 10_240:
            yield f"has {function.memory_mb} MB of memory for {where}; use 128 to 10240"
        if not 1 <= function.timeout_seconds <= 900:
            yield f"has a timeout of {function.timeout_seconds} s for {where}; use 1 to 900"
        yield from (
            f"grants {where} the secret {name}, which SECRETS does not declare"
            for name in function.secrets
            if name not in SECRETS
        )
        yield from (
            f"grants {where} {grant.resource.name}, which no feature declares"
            for grant in function.grants
            if grant.resource not in (*TABLES, *BUCKETS)
        )
    scopes = {f"{RESOURCE_SERVER}/{name}" for name in SCOPES}
    for client in MACHINE_CLIENTS:
        if unknown := sorted(set(client.scopes) - scopes):
            yield f"has a machine client {client.name} with the scope {unknown[0]}; use {', '.join(sorted(scopes))}"


def _event_violations() -> Iterator[str]:
    for queue in QUEUES:
        if not 1 <= queue.batch_size <= MAX_BATCH:
            yield f"has a batch size of {queue.batch_size} for the queue {queue.name}; use 1 to {MAX_BATCH}"
        if not 2 <= queue.attempts <= 100:  # a throttled delivery counts as an attempt
            yield f"has {queue.attempts} attempts for the queue {queue.name}; use 2 to 100"
    for topic in TOPICS:
        if not topic.subscribers:
            yield f"has a topic {topic.name} without subscribers; name a function"
    for schedule in SCHEDULES:
        if not is_valid(schedule.expression):
            yield (f"has the expression {schedule.expression!r} of the schedule {schedule.name}; use {EXAMPLES}")
    yield from _stream_violations()
    yield from _upload_violations()


def _stream_violations() -> Iterator[str]:
    for table, count in Counter(stream.table for stream in STREAMS).items():
        if table not in TABLES:
            yield f"has a stream of the table {table.name}, which no feature declares"
        if count > MAX_STREAM_FUNCTIONS:
            yield f"has {count} functions for the stream of the table {table.name}; use {MAX_STREAM_FUNCTIONS} or fewer"


def _upload_violations() -> Iterator[str]:
    """S3 refuses prefixes of one bucket that overlap.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html (read 2026-11-30)
    """
    for bucket in dict.fromkeys(upload.bucket for upload in UPLOADS):
        prefixes = [f"{upload.prefix}/" for upload in UPLOADS if upload.bucket == bucket]
        if bucket not in BUCKETS:
            yield f"has uploads of the bucket {bucket.name}, which no feature declares"
        for index, prefix in enumerate(prefixes):
            for other in prefixes[index + 1 :]:
                if prefix.startswith(other) or other.startswith(prefix):
                    yield (
                        f"has uploads of the bucket {bucket.name} below {prefix} and {other}, which overlap; "
                        "S3 invokes one function for an object"
                    )
