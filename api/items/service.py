"""The rules of items: ownership, versions and repeated requests."""

import re

from api.clock import Clock, uuid7
from api.errors import InvalidRequestError, MalformedRequestError, NotFoundError, PreconditionRequiredError
from api.items.repository import DynamoItems, Item, ItemContent, etag
from api.pages import Cursors
from api.telemetry import count

# One element of the list: recipients ignore empty ones (RFC 9110, 5.6.1). Bytes above 127 arrive as one character each.
_TAG = r'(?:W/)?"[^\x00-\x20"\x7f]*"'
_ELEMENT = re.compile(rf"[ \t]*(?:({_TAG})[ \t]*)?(?:,|\Z)")
TAG_LIST = rf"^[ \t]*(?:\*[ \t]*|(?:{_TAG}[ \t]*)?(?:,[ \t]*(?:{_TAG}[ \t]*)?)*)$"
"""The format of a list of entity tags, as a regular expression for the OpenAPI document."""


class ItemService:
    """The operations on items."""

    def __init__(self, repository: DynamoItems, cursors: Cursors, clock: Clock) -> None:
        self.repository = repository
        self.cursors = cursors
        self.clock = clock

    def read(self, owner: str, item_id: str) -> Item:
        """Return an item of the owner. Raise NotFoundError."""
        item = self.repository.read(owner, item_id)
        if item is None:
            raise NotFoundError(f"The item {item_id} does not exist.")
        return item

    def page(self, owner: str, order: str, limit: int, cursor: str | None) -> tuple[list[Item], bool]:
        """Return at most `limit` items of the owner, and whether there are more."""
        after = None if cursor is None else self.cursors.read(owner, _query(order), cursor)
        items = self.repository.page(owner, after, limit + 1, order == "newest")
        return items[:limit], len(items) > limit

    def cursor(self, owner: str, order: str, last: Item) -> str:
        """Return the cursor of the page after this item."""
        return self.cursors.make(owner, _query(order), last.id)

    def create(self, owner: str, content: ItemContent, key: str | None) -> Item:
        """Create an item. A repeated request with the same key and content returns the first one."""
        now = self.clock()
        item = Item(id=uuid7(now), content=content, version=1, created_at=now, updated_at=now)
        earlier = self.repository.create(owner, item, key, now)
        if earlier is None:
            count("ItemCreated")
            return item
        if earlier.digest != content.digest:
            raise InvalidRequestError("This Idempotency-Key was used with another body. Use a new key for a new item.")
        return earlier.item

    def replace(self, owner: str, item_id: str, content: ItemContent, if_match: str | None) -> Item:
        """Replace the content of the version that the caller read, and return the item."""
        return self.repository.replace(owner, item_id, content, versions_of(if_match), self.clock())

    def delete(self, owner: str, item_id: str, if_match: str | None) -> None:
        """Delete the version that the caller read."""
        self.repository.delete(owner, item_id, versions_of(if_match))
        count("ItemDeleted")


def _query(order: str) -> str:
    return f"items:{order}"


def entity_tags(header: str, value: str) -> list[str] | None:
    """Return the tags of a header's value as they are written, None for `*`. Raise MalformedRequestError.

    RFC 9110 (sections 8.8.3, 13.1.1 and 13.1.2) defines If-Match, If-None-Match and their entity tags.
    """
    if value.strip(" \t") == "*":
        return None
    tags, position = [], 0
    while position < len(value):
        element = _ELEMENT.match(value, position)
        if element is None:
            raise MalformedRequestError(f'{header} is not * or a list of entity tags such as "1", "2".')
        if element[1]:
            tags.append(element[1])
        position = element.end()
    return tags


def versions_of(if_match: str | None) -> list[int] | None:
    """Return the versions that an If-Match header accepts: None for any (`*`), empty where no tag is a version.

    Raise PreconditionRequiredError without a header, and MalformedRequestError for an invalid one.
    """
    if if_match is None:
        raise PreconditionRequiredError("Send the ETag of the version that you read as If-Match.")
    tags = entity_tags("If-Match", if_match)
    if tags is None:
        return None
    return list(dict.fromkeys(version for tag in tags if (version := _version(tag)) is not None))


def matches(if_none_match: str | None, item: Item) -> bool:
    """Return whether the caller has this version already. Raise MalformedRequestError for an invalid header."""
    if if_none_match is None:
        return False
    tags = entity_tags("If-None-Match", if_none_match)
    return tags is None or etag(item.version) in (tag.removeprefix("W/") for tag in tags)


def _version(tag: str) -> int | None:
    """Return the version in an ETag of this service; tags are compared as text, so "01" is not one."""
    number = tag[1:-1]
    return int(number) if len(tag) <= 20 and number.isdecimal() and tag == f'"{int(number)}"' else None
