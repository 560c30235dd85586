"""Items in DynamoDB: `item#<id>` and `idempotency#<digest>` records of their owner.

The AWS client sends a write again when its response was lost. So each write has a random token, and an item keeps those
of its last two writes (`write`, `previous_write`): a write that is refused because of itself is a success.
"""

import json
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from api.errors import ConflictError, NotFoundError, StaleVersionError
from api.items.service import Item, ItemContent, Repetition, etag
from api.table import ConditionNotMetError, Record, Table, TransactionRefusedError

REMEMBERED = timedelta(hours=24)
_PREFIX = "item#"
_ABSENT = "attribute_not_exists(#record)"
_NOT_YET_WRITTEN = "NOT #write = :write AND NOT #previous_write = :write"
_NO_VERSION = 0
_MOST_VERSIONS = 50
"""How many versions one condition names; DynamoDB's IN takes 100, an expression 4 KB
(docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html).
"""
_T = TypeVar("_T")


class DynamoItems:
    """The item table as a repository of items."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def read(self, owner: str, item_id: str) -> Item | None:
        """The item, or None."""
        record = self._table.get(owner, _PREFIX + item_id)
        return None if record is None else _item(record)

    def page(self, owner: str, after: str | None, limit: int, newest_first: bool) -> list[Item]:
        """At most `limit` items after the one named, by id."""
        start = None if after is None else _PREFIX + after
        return [
            _item(record)
            for record in self._table.query(owner, _PREFIX, after=start, limit=limit, descending=newest_first)
        ]

    def create(self, owner: str, item: Item, key: str | None, now: datetime) -> Repetition | None:
        """Keep a new item; with a key, together with the memory of it, or neither."""
        record = _record(owner, item) | {"write": _token()}
        if key is None:
            self._put(record)
            return None
        memory: Record = {
            "owner": owner,
            "record": f"idempotency#{sha256(key.encode()).hexdigest()}",
            "digest": item.content.digest,
            "item": json.dumps(record),
            "expires_at": int((now + REMEMBERED).timestamp()),
        }
        # DynamoDB removes expired records within days, not at once: an expired one counts as absent.
        unused = f"{_ABSENT} OR #expires_at < :now"
        remember = self._table.put_request(memory, unused, {":now": int(now.timestamp())})
        try:
            self._table.transact([("Put", self._table.put_request(record, _ABSENT)), ("Put", remember)])
        except TransactionRefusedError as refusal:
            code, earlier = refusal.reasons[1]
            if code == "ConditionalCheckFailed" and earlier:
                return Repetition(digest=earlier["digest"], item=_item(json.loads(earlier["item"])))
            raise ConflictError(
                "A request with this Idempotency-Key is still running; try again in a moment."
            ) from refusal
        return None

    def _put(self, record: Record) -> None:
        try:
            self._table.put(record, _ABSENT)
        except ConditionNotMetError as refusal:
            if not _is_applied(record["write"], refusal.old):
                raise

    def replace(
        self, owner: str, item_id: str, content: ItemContent, versions: list[int] | None, now: datetime
    ) -> Item:
        """Change the item if its version is one of these (None: any)."""
        write = _token()

        def change(condition: str, values: Record) -> Item:
            request = self._table.update_request(
                owner,
                _PREFIX + item_id,
                "SET #name = :name, #description = :description, #tags = :tags, #attributes = :attributes,"
                " #updated_at = :now, #previous_write = if_not_exists(#write, :write), #write = :write"
                " ADD #version :one",
                f"{condition} AND {_NOT_YET_WRITTEN}",
                {
                    **values,
                    ":name": content.name,
                    ":description": content.description,
                    ":tags": content.tags,
                    ":attributes": content.attributes,
                    ":now": now.isoformat(),
                    ":write": write,
                    ":one": 1,
                },
            )
            return _item(self._table.update(request, "ALL_NEW"))

        try:
            return _on_version(versions, change)
        except ConditionNotMetError as refusal:
            old = refusal.old
            if old is None or not _is_applied(write, old):
                raise _refused(item_id, old) from None
            kept = _item(old)
            # Another request may have changed the item after this write: the caller gets what this write made of it.
            version = kept.version if old["write"] == write else kept.version - 1
            return Item(item_id, content, version, kept.created_at, now)

    def delete(self, owner: str, item_id: str, versions: list[int] | None) -> None:
        """Delete the item if its version is one of these and nothing is attached to it.

        A deleted item leaves no token: where a response was lost and the item is gone, the deletion counts as applied.
        """

        def remove(condition: str, values: Record) -> None:
            condition += " AND (attribute_not_exists(#attachment_count) OR #attachment_count = :none)"
            self._table.delete(self._table.delete_request(owner, _PREFIX + item_id, condition, {**values, ":none": 0}))

        try:
            _on_version(versions, remove)
        except ConditionNotMetError as refusal:
            if refusal.old is None and refusal.repeated:
                return
            if refusal.old and (versions is None or refusal.old["version"] in versions):
                raise ConflictError("The item has attachments; delete them first.") from None
            raise _refused(item_id, refusal.old) from None


def _token() -> str:
    return os.urandom(6).hex()


def _is_applied(write: str, old: Record | None) -> bool:
    """Return whether the record shows the write of this token; only two later writes can hide it."""
    return old is not None and write in (old.get("write"), old.get("previous_write"))


def _on_version(versions: list[int] | None, change: Callable[[str, Record], _T]) -> _T:
    """Run a change under the condition that the item has one of these versions; raises ConditionNotMetError.

    A condition names few versions. Where the item has another of them, the change runs again with that one.
    """
    named = None if versions is None else versions[:_MOST_VERSIONS]
    while True:
        try:
            return change(*_is_version(named))
        except ConditionNotMetError as refusal:
            current = None if refusal.old is None else refusal.old["version"]
            if versions is None or named is None or current in named or current not in versions:
                raise
            named = [current]


def _is_version(versions: list[int] | None) -> tuple[str, Record]:
    if versions is None:
        return "attribute_exists(#record)", {}
    values: Record = {f":version{index}": version for index, version in enumerate(versions or [_NO_VERSION])}
    return f"#version IN ({', '.join(values)})", values


def _refused(item_id: str, old: Record | None) -> Exception:
    if old is None:
        return NotFoundError(f"You have no item {item_id}.")
    return StaleVersionError(
        f"The item is at version {old['version']} by now; read it again and repeat your change.",
        headers={"ETag": etag(old["version"])},
    )


def _record(owner: str, item: Item) -> Record:
    return {
        "owner": owner,
        "record": _PREFIX + item.id,
        "name": item.content.name,
        "description": item.content.description,
        "tags": item.content.tags,
        "attributes": dict(item.content.attributes),
        "version": item.version,
        "created_at": item.created_at.isoformat(),
        "updated_at": item.updated_at.isoformat(),
    }


def _item(record: dict[str, Any]) -> Item:
    return Item(
        id=record["record"].removeprefix(_PREFIX),
        content=ItemContent(record["name"], record["description"], record["tags"], record["attributes"]),
        version=record["version"],
        created_at=datetime.fromisoformat(record["created_at"]),
        updated_at=datetime.fromisoformat(record["updated_at"]),
    )
