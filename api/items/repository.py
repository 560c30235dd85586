"""Items in DynamoDB: `item#<id>` and `idempotency#<digest>` records of their owner.

The AWS client repeats a write whose response was lost. Each write therefore has a random token, and an item has the
tokens of its last two writes (`write`, `previous_write`): a write that its own first attempt prevents is a success.
"""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar

from api.entity_tags import etag
from api.errors import ConflictError, NotFoundError, StaleVersionError
from api.table import ConditionNotMetError, Record, Table, TransactionCancelledError

IDEMPOTENCY_PERIOD = timedelta(hours=24)
_PREFIX = "item#"
_ABSENT = "attribute_not_exists(#record)"
_NOT_YET_WRITTEN = "NOT #write = :write AND NOT #previous_write = :write"
_NO_VERSION = 0
_MAX_VERSIONS = 50
"""The most versions in one condition; DynamoDB's IN accepts 100, an expression 4 KB
(docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html).
"""
_T = TypeVar("_T")


@dataclass(frozen=True)
class ItemContent:
    """The fields of an item that its owner sets.

    A new field needs a default: records without it exist.
    """

    name: str
    description: str
    tags: list[str]
    attributes: Mapping[str, str]

    @property
    def digest(self) -> str:
        """A digest that is equal for equal contents."""
        return sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Item:
    """A stored item; each change increments its version."""

    id: str
    content: ItemContent
    version: int
    created_at: datetime
    updated_at: datetime


class EarlierRequest(NamedTuple):
    """The first request with an Idempotency-Key: the digest of its content, and the item that it created."""

    digest: str
    item: Item


_CONTENT = tuple(field.name for field in fields(ItemContent))
_SET_CONTENT = ", ".join(f"#{name} = :{name}" for name in _CONTENT)


class DynamoItems:
    """The repository of items in the item table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def read(self, owner: str, item_id: str) -> Item | None:
        """Return the item, or None."""
        record = self._table.get(owner, _PREFIX + item_id)
        return None if record is None else _item(record)

    def page(self, owner: str, after: str | None, limit: int, newest_first: bool) -> list[Item]:
        """Return at most `limit` items after the given id, in the order of their ids."""
        start = None if after is None else _PREFIX + after
        return [
            _item(record)
            for record in self._table.query(owner, _PREFIX, after=start, limit=limit, descending=newest_first)
        ]

    def create(self, owner: str, item: Item, key: str | None, now: datetime) -> EarlierRequest | None:
        """Store a new item; with a key, in one transaction with a record of the key, which is kept for 24 hours.

        Return the earlier request with the key, if any.
        """
        record = _record(owner, item) | {"write": _token()}
        if key is None:
            self._put(record)
            return None
        key_record: Record = {
            "owner": owner,
            "record": f"idempotency#{sha256(key.encode()).hexdigest()}",
            "digest": item.content.digest,
            "item": json.dumps(record),
            "expires_at": int((now + IDEMPOTENCY_PERIOD).timestamp()),
        }
        # DynamoDB removes an expired record within days: until then it counts as absent.
        unused = f"{_ABSENT} OR #expires_at < :now"
        put_key = self._table.put_request(key_record, unused, {":now": int(now.timestamp())})
        try:
            self._table.transact([("Put", self._table.put_request(record, _ABSENT)), ("Put", put_key)])
        except TransactionCancelledError as failure:
            code, earlier = failure.reasons[1]
            if code == "ConditionalCheckFailed" and earlier:
                return EarlierRequest(digest=earlier["digest"], item=_item(json.loads(earlier["item"])))
            raise ConflictError(
                "A request with this Idempotency-Key is in progress. Try again in a moment."
            ) from failure
        return None

    def _put(self, record: Record) -> None:
        try:
            self._table.put(record, _ABSENT)
        except ConditionNotMetError as failure:
            if not _is_applied(record["write"], failure.old):
                raise

    def replace(
        self, owner: str, item_id: str, content: ItemContent, versions: list[int] | None, now: datetime
    ) -> Item:
        """Replace the content if the item has one of the versions (None: any).

        Raise NotFoundError, StaleVersionError.
        """
        write = _token()

        def change(condition: str, values: Record) -> Item:
            request = self._table.update_request(
                owner,
                _PREFIX + item_id,
                f"SET {_SET_CONTENT},"
                " #updated_at = :now, #previous_write = if_not_exists(#write, :write), #write = :write"
                " ADD #version :one",
                f"{condition} AND {_NOT_YET_WRITTEN}",
                {
                    **values,
                    **{f":{name}": value for name, value in vars(content).items()},
                    ":now": now.isoformat(),
                    ":write": write,
                    ":one": 1,
                },
            )
            return _item(self._table.update(request, "ALL_NEW"))

        try:
            return _on_version(versions, change)
        except ConditionNotMetError as failure:
            old = failure.old
            if old is None or not _is_applied(write, old):
                raise _not_applied(item_id, old) from None
            stored = _item(old)
            # Another request may have changed the item after this write: the caller gets the result of this write.
            version = stored.version if old["write"] == write else stored.version - 1
            return Item(item_id, content, version, stored.created_at, now)

    def delete(self, owner: str, item_id: str, versions: list[int] | None) -> None:
        """Delete the item if it has one of the versions and no attachments.

        A deleted item has no token: if a response was lost and the item does not exist, the deletion counts as applied.
        Raise NotFoundError, StaleVersionError, ConflictError.
        """

        def remove(condition: str, values: Record) -> None:
            condition += " AND (attribute_not_exists(#attachment_count) OR #attachment_count = :none)"
            self._table.delete(self._table.delete_request(owner, _PREFIX + item_id, condition, {**values, ":none": 0}))

        try:
            _on_version(versions, remove)
        except ConditionNotMetError as failure:
            if failure.old is None and failure.repeated:
                return
            if failure.old and (versions is None or failure.old["version"] in versions):
                raise ConflictError("The item has attachments. Delete them first.") from None
            raise _not_applied(item_id, failure.old) from None


def _token() -> str:
    return os.urandom(6).hex()


def _is_applied(write: str, old: Record | None) -> bool:
    """Return whether the record has the token of the write; two later writes remove it."""
    return old is not None and write in (old.get("write"), old.get("previous_write"))


def _on_version(versions: list[int] | None, change: Callable[[str, Record], _T]) -> _T:
    """Run a change on condition that the item has one of the versions. Raise ConditionNotMetError.

    A condition has few versions. If the item has another one of them, the change runs again with that one.
    """
    named = None if versions is None else versions[:_MAX_VERSIONS]
    while True:
        try:
            return change(*_is_version(named))
        except ConditionNotMetError as failure:
            current = None if failure.old is None else failure.old["version"]
            if versions is None or named is None or current in named or current not in versions:
                raise
            named = [current]


def _is_version(versions: list[int] | None) -> tuple[str, Record]:
    if versions is None:
        return "attribute_exists(#record)", {}
    values: Record = {f":version{index}": version for index, version in enumerate(versions or [_NO_VERSION])}
    return f"#version IN ({', '.join(values)})", values


def _not_applied(item_id: str, old: Record | None) -> Exception:
    if old is None:
        return NotFoundError(f"The item {item_id} does not exist.")
    return StaleVersionError(
        f"The item has version {old['version']}. Read it again and repeat the change.",
        headers={"ETag": etag(old["version"])},
    )


def _record(owner: str, item: Item) -> Record:
    return {
        "owner": owner,
        "record": _PREFIX + item.id,
        **vars(item.content),
        "version": item.version,
        "created_at": item.created_at.isoformat(),
        "updated_at": item.updated_at.isoformat(),
    }


def _item(record: dict[str, Any]) -> Item:
    return Item(
        id=record["record"].removeprefix(_PREFIX),
        content=ItemContent(**{name: record[name] for name in _CONTENT if name in record}),
        version=record["version"],
        created_at=datetime.fromisoformat(record["created_at"]),
        updated_at=datetime.fromisoformat(record["updated_at"]),
    )
