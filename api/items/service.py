"""The rules of items: ownership, versions, filters and repeated requests."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from api.aws import public_error
from api.clock import Clock, uuid7
from api.entity_tags import versions_of
from api.errors import (
    ApiError,
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    StaleVersionError,
    UnavailableError,
)
from api.items.repository import DynamoItems, Item, ItemContent, name_key, name_position, stale_version
from api.pages import Cursors
from api.telemetry import count, logger

_ATTEMPTS = 3
"""The attempts of a patch of any version (`*`), if other requests change the item in between."""


class ItemQuery(NamedTuple):
    """The items of a list, and their order: by name where they are selected by name, else by time."""

    order: str = "newest"
    tag: str | None = None
    name_prefix: str | None = None

    @property
    def text(self) -> str:
        """The query as a text, for the signature of its cursors."""
        if self.name_prefix is not None:
            return f"items:name:{name_key(self.name_prefix)}"
        return f"items:{self.order}" if self.tag is None else f"items:{self.order}:{self.tag}"


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

    def page(self, owner: str, query: ItemQuery, limit: int, cursor: str | None) -> tuple[list[Item], bool]:
        """Return at most `limit` items of the owner, and whether there are more."""
        after = None if cursor is None else self.cursors.read(owner, query.text, cursor)
        newest_first, most = query.order == "newest", limit + 1
        if query.name_prefix is not None:
            items = self.repository.page_by_name(owner, query.name_prefix, after, most)
        elif query.tag is not None:
            items = self.repository.page_with_tag(owner, query.tag, after, most, newest_first)
        else:
            items = self.repository.page(owner, after, most, newest_first)
        return items[:limit], len(items) > limit

    def cursor(self, owner: str, query: ItemQuery, last: Item) -> str:
        """Return the cursor of the page after this item."""
        return self.cursors.make(owner, query.text, last.id if query.name_prefix is None else name_position(last))

    def create(self, owner: str, content: ItemContent, key: str | None) -> Item:
        """Create an item. A repeated request with the same key and content returns the first one."""
        item, is_new = self._create(owner, content, key)
        if is_new:
            count("ItemCreated")
        return item

    def create_all(
        self, owner: str, entries: Sequence[ItemContent | ApiError], key: str | None
    ) -> list[Item | ApiError]:
        """Create an item of each content; an entry with an error keeps it. Each entry has its own Idempotency-Key.

        After a failure of AWS the rest is not attempted: the function could reach its timeout.
        """
        results: list[Item | ApiError] = []
        created = 0
        rest: ApiError | None = None
        for position, entry in enumerate(entries):
            if isinstance(entry, ApiError):
                results.append(entry)
                continue
            if rest is not None:
                results.append(rest)
                continue
            try:
                # A key of a caller has no comma.
                item, is_new = self._create(owner, entry, None if key is None else f"{key},{position}")
                created += is_new
                results.append(item)
            except ApiError as error:
                results.append(error)
            except Exception as error:
                logger.exception("An entry of a bulk request failed")
                results.append(public_error(error))
                rest = UnavailableError("An earlier entry failed, and this one was not attempted. Try it again.")
        if created:
            count("ItemCreated", created)
        return results

    def _create(self, owner: str, content: ItemContent, key: str | None) -> tuple[Item, bool]:
        """Create an item, or return the earlier one with the key, and False."""
        now = self.clock()
        item = Item(id=uuid7(now), content=content, version=1, created_at=now, updated_at=now)
        earlier = self.repository.create(owner, item, key, now)
        if earlier is None:
            return item, True
        if earlier.digest != content.digest:
            raise InvalidRequestError("This Idempotency-Key was used with another body. Use a new key for a new item.")
        return earlier.item, False

    def patch(
        self, owner: str, item_id: str, change: Callable[[ItemContent], ItemContent], if_match: str | None
    ) -> Item:
        """Change the content of the version that the caller read, and return the item."""
        versions = versions_of(if_match)
        for _ in range(_ATTEMPTS):
            item = self.read(owner, item_id)
            if versions is not None and item.version not in versions:
                raise stale_version(item.version)
            try:
                return self.repository.replace(owner, item_id, change(item.content), [item.version], self.clock())
            except StaleVersionError:
                continue
        raise ConflictError("Other requests are changing this item. Try again in a moment.")

    def replace(self, owner: str, item_id: str, content: ItemContent, if_match: str | None) -> Item:
        """Replace the content of the version that the caller read, and return the item."""
        return self.repository.replace(owner, item_id, content, versions_of(if_match), self.clock())

    def delete(self, owner: str, item_id: str, if_match: str | None) -> None:
        """Delete the version that the caller read."""
        self.repository.delete(owner, item_id, versions_of(if_match))
        count("ItemDeleted")


def merge_patch(target: object, patch: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object after a merge patch: https://www.rfc-editor.org/rfc/rfc7396#section-2."""
    merged: dict[str, Any] = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, Mapping):
            merged[name] = merge_patch(merged.get(name), value)
        else:
            merged[name] = value
    return merged
