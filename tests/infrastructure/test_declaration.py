"""A mistake in the declaration is one sentence before any resource is created."""

from typing import Any

import pytest

from api.definition import (
    ATTACHMENTS,
    ITEMS,
    Bucket,
    Function,
    Grant,
    Index,
    MachineClient,
    Queue,
    Schedule,
    Stream,
    Table,
    Topic,
    Upload,
)
from infrastructure import declaration

_WORKER = Function("worker", "api.worker.handler")
_TABLE, _BUCKET = ITEMS.tables[0], ATTACHMENTS.buckets[0]
_INDEX = Index("by-name", "owner_name", "name")
_QUEUE = Queue("orders", _WORKER)

MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "two queues of a name": ({"QUEUES": (_QUEUE, _QUEUE._replace(batch_size=5))}, "2 different queues with the name"),
    "upper case": ({"TABLES": (Table("Orders", ()),)}, "a table with the name 'Orders'"),
    "same variable": (
        {"TABLES": (Table("a", ()), Table("a", ("dynamodb:Query",)))},
        "2 resources with the environment variable A_TABLE",
    ),
    "too many indexes": (
        {"TABLES": (_TABLE._replace(indexes=tuple(_INDEX._replace(name=f"index-{n}") for n in range(21))),)},
        "21 indexes of the table items; DynamoDB accepts 20",
    ),
    "two indexes of a name": ({"TABLES": (_TABLE._replace(indexes=(_INDEX, _INDEX)),)}, "2 indexes by-name"),
    "name of an index": ({"TABLES": (_TABLE._replace(indexes=(_INDEX._replace(name="ab"),)),)}, "an index 'ab'"),
    "name of the API": ({"FUNCTIONS": (_WORKER._replace(name="api"),)}, "the name of the API's own"),
    "log group of the API": ({"FUNCTIONS": (_WORKER._replace(name="function"),)}, "the name of the API's own"),
    "handler": ({"FUNCTIONS": (_WORKER._replace(handler="api/worker.py"),)}, "the handler 'api/worker.py'"),
    "memory": ({"FUNCTIONS": (_WORKER._replace(memory_mb=64),)}, "64 MB of memory for the function worker"),
    "timeout": ({"FUNCTIONS": (_WORKER._replace(timeout_seconds=901),)}, "a timeout of 901 s"),
    "unknown secret": ({"FUNCTIONS": (_WORKER._replace(secrets=("payment",)),)}, "which SECRETS does not declare"),
    "unknown table": (
        {"FUNCTIONS": (_WORKER._replace(grants=(Grant(Table("orders", ()), ()),)),)},
        "grants the function worker orders, which no feature declares",
    ),
    "unknown scope": ({"MACHINE_CLIENTS": (MachineClient("reports", ("items/all",)),)}, "with the scope items/all"),
    "batch size": ({"QUEUES": (_QUEUE._replace(batch_size=11),)}, "a batch size of 11"),
    "attempts": ({"QUEUES": (_QUEUE._replace(attempts=0),)}, "0 attempts for the queue orders"),
    "no subscribers": ({"TOPICS": (Topic("news", ()),)}, "a topic news without subscribers"),
    "schedule": ({"SCHEDULES": (Schedule("nightly", "every night", _WORKER),)}, "the expression 'every night'"),
    "stream of unknown table": ({"STREAMS": (Stream(Table("orders", ()), _WORKER),)}, "a stream of the table orders"),
    "three functions of a stream": (
        {"STREAMS": tuple(Stream(_TABLE, _WORKER._replace(name=f"worker-{n}")) for n in range(3))},
        "3 functions for the stream of the table items",
    ),
    "uploads of unknown bucket": ({"UPLOADS": (Upload(Bucket("b", (), ()), "a", _WORKER),)}, "uploads of the bucket b"),
    "overlapping uploads": (
        {"UPLOADS": (Upload(_BUCKET, "a", _WORKER), Upload(_BUCKET, "a/b", _WORKER))},
        "below a/ and a/b/, which overlap",
    ),
}


def test_committed_declaration_is_valid() -> None:
    assert list(declaration.declaration_violations()) == []


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake_is_one_sentence(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    changed, sentence = MISTAKES[mistake]
    for name, value in changed.items():
        monkeypatch.setattr(declaration, name, value)

    assert any(sentence in violation for violation in declaration.declaration_violations())


@pytest.mark.parametrize("expression", ["rate(5 minutes)", "cron(0 3 ? * MON-FRI *)", "at(2027-01-31T03:00:00)"])
def test_schedule_of_each_kind_is_valid(expression: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(declaration, "SCHEDULES", (Schedule("nightly", expression, _WORKER),))

    assert list(declaration.declaration_violations()) == []
