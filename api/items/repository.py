"""Items in DynamoDB: `item#<id>` and `idempotency#<digest>` records of their owner."""

import json
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from api.errors import ConflictError, NotFoundError, StaleVersionError
from api.items.service import Item, ItemContent, Repetition
from api.table import ConditionNotMetError, Record, Table, TransactionRefusedError

REMEMBERED = timedelta(hours=24)
_PREFIX = "item#"
_ABSENT = "attribute_not_exists(#record)"


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
        record = _record(owner, item)
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
            if refusal.old != record:  # else botocore repeated a write that had been done, and only its answer was lost
                raise

    def replace(
        self, owner: str, item_id: str, content: ItemContent, versions: list[int] | None, now: datetime
    ) -> Item:
        """Change the item if its version is one of these (None: any)."""
        condition, values = _is_version(versions)
        request = self._table.update_request(
            owner,
            _PREFIX + item_id,
            "SET #name = :name, #description = :description, #tags = :tags, #attributes = :attributes,"
            " #updated_at = :now ADD #version :one",
            condition,
            {
                **values,
                ":name": content.name,
                ":description": content.description,
                ":tags": content.tags,
                ":attributes": content.attributes,
                ":now": now.isoformat(),
                ":one": 1,
            },
        )
        try:
            return _item(self._table.update(request, "ALL_NEW"))
        except ConditionNotMetError as refusal:
            raise _refused(item_id, refusal.old) from None

    def delete(self, owner: str, item_id: str, versions: list[int] | None) -> None:
        """Forget the item if its version is one of these and nothing is attached to it."""
        condition, values = _is_version(versions)
        condition += " AND (attribute_not_exists(#attachment_count) OR #attachment_count = :none)"
        try:
            self._table.delete(self._table.delete_request(owner, _PREFIX + item_id, condition, {**values, ":none": 0}))
        except ConditionNotMetError as refusal:
            if refusal.old and (versions is None or refusal.old["version"] in versions):
                raise ConflictError("The item has attachments; delete them first.") from None
            raise _refused(item_id, refusal.old) from None


def _is_version(versions: list[int] | None) -> tuple[str, Record]:
    if versions is None:
        return "attribute_exists(#record)", {}
    values: Record = {f":version{index}": version for index, version in enumerate(versions)}
    return f"#version IN ({', '.join(values)})", values


def _refused(item_id: str, old: Record | None) -> Exception:
    if old is None:
        return NotFoundError(f"You have no item {item_id}.")
    return StaleVersionError(f"The item is at version {old['version']} by now; read it again and repeat your change.")


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
