"""The rules of items: whose they are, which version a change is based on, what a repeated request gets."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple, Protocol

from api.clock import Clock, uuid7
from api.cursors import Cursors
from api.entity_tags import entity_tags
from api.errors import InvalidRequestError, NotFoundError, PreconditionRequiredError
from api.telemetry import count


@dataclass(frozen=True)
class ItemContent:
    """What the owner says about an item."""

    name: str
    description: str
    tags: list[str]
    attributes: Mapping[str, str]

    @property
    def digest(self) -> str:
        """Equal for equal contents."""
        return sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Item:
    """An item as it is kept; its version grows by one with every change."""

    id: str
    content: ItemContent
    version: int
    created_at: datetime
    updated_at: datetime


class Repetition(NamedTuple):
    """What a request with an Idempotency-Key did the first time."""

    digest: str
    item: Item


class ItemRepository(Protocol):
    """Where items are kept, by owner."""

    def read(self, owner: str, item_id: str) -> Item | None:
        """The item, or None."""

    def page(self, owner: str, after: str | None, limit: int, newest_first: bool) -> list[Item]:
        """At most `limit` items after the one named, by id."""

    def create(self, owner: str, item: Item, key: str | None, now: datetime) -> Repetition | None:
        """Keep a new item, and with a key the memory of it for 24 hours; answers the key's earlier use, if any."""

    def replace(
        self, owner: str, item_id: str, content: ItemContent, versions: list[int] | None, now: datetime
    ) -> Item:
        """Change the item if its version is one of these (None: any); raises NotFoundError, StaleVersionError."""

    def delete(self, owner: str, item_id: str, versions: list[int] | None) -> None:
        """Forget the item if its version is one of these; raises NotFoundError, StaleVersionError, ConflictError."""


class ItemService:
    """What callers can do with their items."""

    def __init__(self, repository: ItemRepository, cursors: Cursors, clock: Clock) -> None:
        self.repository = repository
        self.cursors = cursors
        self.clock = clock

    def read(self, owner: str, item_id: str) -> Item:
        """One of the owner's items."""
        item = self.repository.read(owner, item_id)
        if item is None:
            raise NotFoundError(f"You have no item {item_id}.")
        return item

    def page(self, owner: str, order: str, limit: int, cursor: str | None) -> tuple[list[Item], bool]:
        """At most `limit` of the owner's items, and whether there are more."""
        after = None if cursor is None else self.cursors.read(owner, _query(order), cursor)
        found = self.repository.page(owner, after, limit + 1, order == "newest")
        return found[:limit], len(found) > limit

    def cursor(self, owner: str, order: str, last: Item) -> str:
        """The cursor of the page that begins after this item."""
        return self.cursors.make(owner, _query(order), last.id)

    def create(self, owner: str, content: ItemContent, key: str | None) -> Item:
        """A new item; a repeated request with the same key and content gets the first answer."""
        now = self.clock()
        item = Item(id=uuid7(now), content=content, version=1, created_at=now, updated_at=now)
        earlier = self.repository.create(owner, item, key, now)
        if earlier is None:
            count("ItemCreated")
            return item
        if earlier.digest != content.digest:
            raise InvalidRequestError("This Idempotency-Key was used with another body; take a new key for a new item.")
        return earlier.item

    def replace(self, owner: str, item_id: str, content: ItemContent, if_match: str | None) -> Item:
        """The item with new content, based on the version the caller read."""
        return self.repository.replace(owner, item_id, content, versions_of(if_match), self.clock())

    def delete(self, owner: str, item_id: str, if_match: str | None) -> None:
        """Forget the item, based on the version the caller read."""
        self.repository.delete(owner, item_id, versions_of(if_match))
        count("ItemDeleted")


def _query(order: str) -> str:
    return f"items:{order}"


def etag(version: int) -> str:
    """Return an item's version as an HTTP entity tag."""
    return f'"{version}"'


def versions_of(if_match: str | None) -> list[int] | None:
    """Return the versions that an If-Match header accepts: None for any (`*`), empty where no tag is a version.

    Raises PreconditionRequiredError without a header and MalformedRequestError for one of another form.
    """
    if if_match is None:
        raise PreconditionRequiredError("Send the ETag that you read as If-Match, so that no other change is lost.")
    tags = entity_tags("If-Match", if_match)
    if tags is None:
        return None
    return list(dict.fromkeys(version for tag in tags if (version := _version(tag)) is not None))


def matches(if_none_match: str | None, item: Item) -> bool:
    """Return whether the caller already has this version; raises MalformedRequestError for a header of another form."""
    if if_none_match is None:
        return False
    tags = entity_tags("If-None-Match", if_none_match)
    return tags is None or etag(item.version) in (tag.removeprefix("W/") for tag in tags)


def _version(tag: str) -> int | None:
    """The version that a tag of ours names: a tag is compared as it stands, so "01" is none."""
    number = tag[1:-1]
    return int(number) if len(tag) <= 20 and number.isdecimal() and tag == f'"{int(number)}"' else None
