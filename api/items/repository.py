"""Items in DynamoDB: `item#<id>`, `tag#<tag>#<item id>` and `idempotency#<digest>` records of their owner.

A query for a tag reads the tag records, which change in one transaction with their item; ADR 16 has the reasons.

The AWS client repeats a write whose response was lost. Each write therefore has a random token, and an item has the
tokens of its last two writes (`write`, `previous_write`): a write that its own first attempt prevents is a success.
"""

import json
import os
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar

from api.definition import ITEMS_BY_NAME
from api.entity_tags import etag
from api.errors import ConflictError, NotFoundError, StaleVersionError
from api.table import ConditionNotMetError, Record, Table, TransactionCancelledError, position

IDEMPOTENCY_PERIOD = timedelta(hours=24)
_PREFIX = "item#"
_ABSENT = "attribute_not_exists(#record)"
_NOT_YET_WRITTEN = "NOT #write = :write AND NOT #previous_write = :write"
_NO_VERSION = 0
_MAX_VERSIONS = 50
"""The most versions in one condition; DynamoDB's IN accepts 100, an expression 4 KB
(docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html).
"""
_ATTEMPTS = 3
"""The transactions of one change, if other requests change the item in between."""
MAX_NAME_LENGTH = 100
_ID_LENGTH = 36
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

    def page_with_tag(self, owner: str, tag: str, after: str | None, limit: int, newest_first: bool) -> list[Item]:
        """Return at most `limit` items with the tag after the given id, in the order of their ids."""
        items: list[Item] = []
        while len(items) < limit:
            wanted = limit - len(items)
            prefix = _tag_record(tag, "")
            start = None if after is None else prefix + after
            tagged = self._table.query(owner, prefix, after=start, limit=wanted, descending=newest_first)
            ids = [record["record"].removeprefix(prefix) for record in tagged]
            found = self._table.get_all(owner, [_PREFIX + item_id for item_id in ids])
            current = [_item(found[_PREFIX + item_id]) for item_id in ids if _PREFIX + item_id in found]
            items += [item for item in current if tag in item.content.tags]  # it may have changed since the query
            if len(ids) < wanted:
                break
            after = ids[-1]
        return items

    def page_by_name(self, owner: str, prefix: str, after: str | None, limit: int) -> list[Item]:
        """Return at most `limit` items whose names start with the prefix after a position, in the order of their names.

        Upper and lower case are equal. The index has each change a moment later.
        """
        start = None if after is None else _read_position(owner, after)
        records = self._table.query_index(ITEMS_BY_NAME, owner, name_key(prefix), after=start, limit=limit)
        return [_item(record) for record in records]

    def create(self, owner: str, item: Item, key: str | None, now: datetime) -> EarlierRequest | None:
        """Store a new item, in one transaction with a record of each tag, and of the key, which is kept for 24 hours.

        Return the earlier request with the key, if any.
        """
        record = _record(owner, item) | {"write": _token()}
        if key is None and not item.content.tags:
            self._put(record)
            return None
        writes = [("Put", self._table.put_request(record, _ABSENT))]
        if key is not None:
            writes.append(("Put", self._key_request(record, key, item.content.digest, now)))
        writes += self._tag_writes(owner, item.id, [], item.content.tags)
        try:
            self._table.transact(writes)
        except TransactionCancelledError as failure:
            if key is None:
                raise ConditionNotMetError(_current(failure, 0)) from None
            code, earlier = failure.reasons[1]
            if code != "ConditionalCheckFailed" or not earlier:
                raise ConflictError(
                    "A request with this Idempotency-Key is in progress. Try again in a moment."
                ) from failure
            return EarlierRequest(digest=earlier["digest"], item=_item(json.loads(earlier["item"])))
        return None

    def _key_request(self, record: Record, key: str, digest: str, now: datetime) -> dict[str, Any]:
        key_record: Record = {
            "owner": record["owner"],
            "record": f"idempotency#{sha256(key.encode()).hexdigest()}",
            "digest": digest,
            "item": json.dumps(record),
            "expires_at": int((now + IDEMPOTENCY_PERIOD).timestamp()),
        }
        # DynamoDB removes an expired record within days: until then it counts as absent.
        unused = f"{_ABSENT} OR #expires_at < :now"
        return self._table.put_request(key_record, unused, {":now": int(now.timestamp())})

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

        One conditional write is enough unless the tags change. Raise NotFoundError, StaleVersionError, ConflictError.
        """
        write = _token()

        def request(condition: str, values: Record) -> dict[str, Any]:
            return self._table.update_request(
                owner,
                _PREFIX + item_id,
                f"SET {_SET_CONTENT}, #name_key = :name_key,"
                " #updated_at = :now, #previous_write = if_not_exists(#write, :write), #write = :write"
                " ADD #version :one",
                f"{condition} AND {_NOT_YET_WRITTEN}",
                {
                    **values,
                    **{f":{name}": value for name, value in vars(content).items()},
                    ":name_key": name_key(content.name),
                    ":now": now.isoformat(),
                    ":write": write,
                    ":one": 1,
                },
            )

        def change(condition: str, values: Record) -> Item:
            same_tags = f"{condition} AND #tags = :tags AND attribute_exists(#name_key)"
            return _item(self._table.update(request(same_tags, values), "ALL_NEW"))

        try:
            return _on_version(versions, change)
        except ConditionNotMetError as failure:
            old = failure.old
        for _ in range(_ATTEMPTS):
            if old is None or not (_is_applied(write, old) or _accepts(versions, old)):
                raise _not_applied(item_id, old)
            stored = _item(old)
            if _is_applied(write, old):
                # Another request may have changed the item after this write: the caller gets the result of this write.
                version = stored.version if old["write"] == write else stored.version - 1
                return Item(item_id, content, version, stored.created_at, now)
            update = request(*_is_version([stored.version]))
            tags = self._tag_writes(owner, item_id, _indexed_tags(old), content.tags)
            try:
                self._table.transact([("Update", update), *tags])
                return Item(item_id, content, stored.version + 1, stored.created_at, now)
            except TransactionCancelledError as failure:
                old = _current(failure, 0)
        raise _busy()

    def delete(self, owner: str, item_id: str, versions: list[int] | None) -> None:
        """Delete the item if it has one of the versions and no attachments.

        A deleted item has no token: if a response was lost and the item does not exist, the deletion counts as applied.
        Raise NotFoundError, StaleVersionError, ConflictError.
        """

        def request(condition: str, values: Record) -> dict[str, Any]:
            condition += " AND (attribute_not_exists(#attachment_count) OR #attachment_count = :none)"
            return self._table.delete_request(owner, _PREFIX + item_id, condition, {**values, ":none": 0})

        def remove(condition: str, values: Record) -> None:
            self._table.delete(request(f"{condition} AND size(#tags) = :none", values))

        try:
            return _on_version(versions, remove)
        except ConditionNotMetError as failure:
            old = failure.old
            if old is None and failure.repeated:
                return None
        for _ in range(_ATTEMPTS):
            if old is None or not _accepts(versions, old):
                raise _not_applied(item_id, old)
            if old.get("attachment_count"):
                raise ConflictError("The item has attachments. Delete them first.")
            deletion = request(*_is_version([old["version"]]))
            try:
                return self._table.transact(
                    [("Delete", deletion), *self._tag_writes(owner, item_id, _indexed_tags(old), [])]
                )
            except TransactionCancelledError as failure:
                old = _current(failure, 0)
        raise _busy()

    def _tag_writes(
        self, owner: str, item_id: str, before: list[str], after: list[str]
    ) -> list[tuple[str, dict[str, Any]]]:
        """Return the writes that make the tag records of an item those of its tags."""
        removed = [_tag_record(tag, item_id) for tag in before if tag not in after]
        added = [_tag_record(tag, item_id) for tag in after if tag not in before]
        return [
            *(("Delete", self._table.delete_request(owner, name, None)) for name in removed),
            *(("Put", self._table.put_request({"owner": owner, "record": name}, None)) for name in added),
        ]


def name_key(name: str) -> str:
    """Return a name in the form in which names are compared; 400 bytes at most, and a key may have 1024."""
    return unicodedata.normalize("NFC", name).casefold()[:MAX_NAME_LENGTH]


def name_position(item: Item) -> str:
    """Return the position of an item in the order of names, as a text: its id and its normalized name."""
    return item.id + name_key(item.content.name)


def _read_position(owner: str, text: str) -> dict[str, str]:
    item_id, key = text[:_ID_LENGTH], text[_ID_LENGTH:]
    return position(ITEMS_BY_NAME, {"owner": owner, "record": _PREFIX + item_id, "name_key": key})


def stale_version(current: int) -> StaleVersionError:
    """Return the error of a change that is based on another version."""
    detail = f"The item has version {current}. Read it again and repeat the change."
    return StaleVersionError(detail, headers={"ETag": etag(current)})


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


def _accepts(versions: list[int] | None, old: Record) -> bool:
    return versions is None or old["version"] in versions


def _indexed_tags(record: Record) -> list[str]:
    """Return the tags of the item that have a record; an item of before the index has none until it is changed."""
    return record["tags"] if "name_key" in record else []


def _current(failure: TransactionCancelledError, number: int) -> Record | None:
    """Return the record that does not meet the condition of a write. Raise ConflictError for another reason."""
    code, record = failure.reasons[number]
    if code != "ConditionalCheckFailed":
        raise _busy() from None
    return record or None


def _busy() -> ConflictError:
    return ConflictError("Another request is changing this item. Try again in a moment.")


def _tag_record(tag: str, item_id: str) -> str:
    return f"tag#{tag}#{item_id}"


def _not_applied(item_id: str, old: Record | None) -> Exception:
    if old is None:
        return NotFoundError(f"The item {item_id} does not exist.")
    return stale_version(old["version"])


def _record(owner: str, item: Item) -> Record:
    return {
        "owner": owner,
        "record": _PREFIX + item.id,
        **vars(item.content),
        "name_key": name_key(item.content.name),
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
