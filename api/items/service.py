"""The rules of items: ownership, versions and repeated requests."""

from api.clock import Clock, uuid7
from api.entity_tags import versions_of
from api.errors import InvalidRequestError, NotFoundError
from api.items.repository import DynamoItems, Item, ItemContent
from api.pages import Cursors
from api.telemetry import count


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
