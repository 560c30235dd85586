"""The repository of items: concurrency, expiry and partitions, which one request cannot show."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.attachments.repository import Attachment, DynamoAttachments
from api.clock import uuid7
from api.errors import ConflictError, StaleVersionError
from api.items.repository import DynamoItems, Item, ItemContent
from api.table import ConditionNotMetError, Table, TransactionCancelledError

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LAMP = ItemContent("Lamp", "", ["desk"], {"watt": "5"})


@pytest.fixture
def table(dynamodb: Any, environment: dict[str, str]) -> Table:
    return Table(dynamodb, environment["ITEMS_TABLE"])


@pytest.fixture
def items(table: Table) -> DynamoItems:
    return DynamoItems(table)


@pytest.fixture
def owner() -> str:
    return str(uuid.uuid4())


def lamp() -> Item:
    return Item(id=uuid7(NOW), content=LAMP, version=1, created_at=NOW, updated_at=NOW)


def test_stored_item_is_returned_unchanged(items: DynamoItems, owner: str) -> None:
    kept = lamp()
    assert items.create(owner, kept, None, NOW) is None
    assert items.read(owner, kept.id) == kept
    assert items.read(str(uuid.uuid4()), kept.id) is None


def test_idempotency_key_expires_after_24_hours(items: DynamoItems, owner: str) -> None:
    first, later = lamp(), lamp()
    items.create(owner, first, "key", NOW)
    just_before, just_after = NOW + timedelta(hours=23, minutes=59), NOW + timedelta(hours=24, seconds=1)
    remembered = items.create(owner, later, "key", just_before)
    assert remembered is not None
    assert (remembered.item, remembered.digest) == (first, LAMP.digest)
    assert items.create(owner, later, "key", just_after) is None, "though the record is still there"
    assert items.read(owner, later.id) == later


def test_concurrent_posts_with_one_key_create_one_item(items: DynamoItems, owner: str) -> None:
    repetitions = [items.create(owner, lamp(), "key", NOW) for _ in range(4)]
    (only,) = items.page(owner, None, 10, newest_first=True)
    assert repetitions[0] is None
    assert [each and each.item for each in repetitions[1:]] == [only] * 3


def test_creation_of_existing_item_fails(items: DynamoItems, owner: str) -> None:
    kept = lamp()
    items.create(owner, kept, None, NOW)
    with pytest.raises(ConditionNotMetError):
        items.create(owner, kept, None, NOW)


def test_concurrent_changes_of_one_version_succeed_once(items: DynamoItems, owner: str) -> None:
    kept = lamp()
    items.create(owner, kept, None, NOW)
    changed = items.replace(owner, kept.id, ItemContent("Lantern", "", [], {}), [1], NOW)
    for _ in range(3):
        with pytest.raises(StaleVersionError, match="has version 2"):
            items.replace(owner, kept.id, ItemContent("Torch", "", [], {}), [1], NOW)
    assert items.read(owner, kept.id) == changed
    assert changed.version == 2


def test_page_of_items_has_no_other_records(items: DynamoItems, table: Table, owner: str) -> None:
    kept = lamp()
    items.create(owner, kept, "key", NOW)
    DynamoAttachments(table).create(owner, kept.id, Attachment(uuid7(NOW), "plan", "text/plain", NOW, uploaded=False))
    assert items.page(owner, None, 10, newest_first=True) == [kept]
    assert items.page(owner, kept.id, 10, newest_first=True) == []


class Conflicting:
    """A DynamoDB client whose writes always conflict with a transaction, which the embedded AWS does not emulate."""

    class exceptions:  # noqa: N801 - botocore's name for it
        class TransactionConflictException(Exception):  # noqa: N818 - likewise
            response: dict[str, Any] = {}  # noqa: RUF012 - replaced, never changed

        class ConditionalCheckFailedException(Exception):  # noqa: N818
            pass

        class TransactionCanceledException(Exception):  # noqa: N818
            response = {"CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict"}]}  # noqa: RUF012 - replaced, never changed

    def update_item(self, **_: Any) -> None:
        raise self.exceptions.TransactionConflictException

    def transact_write_items(self, **_: Any) -> None:
        raise self.exceptions.TransactionCanceledException


def test_write_in_conflict_with_transaction_raises_conflict_error(owner: str) -> None:
    items = DynamoItems(Table(Conflicting(), "items"))
    with pytest.raises(ConflictError, match="Try again"):
        items.replace(owner, "some-id", LAMP, [1], NOW)
    with pytest.raises(ConflictError, match="Try again"):
        items.create(owner, lamp(), "key", NOW)
    attachments = DynamoAttachments(Table(Conflicting(), "items"))
    plan = Attachment("id", "plan", "text/plain", NOW, uploaded=False)
    with pytest.raises(ConflictError, match="Try again"):
        attachments.create(owner, "some-id", plan)
    with pytest.raises(ConflictError, match="Try again"):
        attachments.delete(owner, "some-id", plan)


def test_failed_condition_returns_the_conflicting_record(table: Table, owner: str) -> None:
    record = {"owner": owner, "record": "x", "value": 1}
    table.put(record, "attribute_not_exists(#record)")
    with pytest.raises(ConditionNotMetError) as refusal:
        table.put(record, "attribute_not_exists(#record)")
    assert refusal.value.old == record
    write = table.put_request(record, "attribute_not_exists(#record)")
    with pytest.raises(TransactionCancelledError) as cancelled:
        table.transact([("Put", write)])
    assert cancelled.value.reasons == [("ConditionalCheckFailed", record)]


def test_page_continues_after_one_megabyte_of_dynamodb(table: Table, owner: str) -> None:
    for index in range(4):
        table.put({"owner": owner, "record": f"big#{index}", "text": "x" * 390_000}, "attribute_not_exists(#record)")
    assert [record["record"] for record in table.query(owner, "big#", after="big#0", limit=10)] == [
        "big#1",
        "big#2",
        "big#3",
    ]
