"""The items feature: its service stores records in the table `items`."""

from api.features import Feature, Shared
from api.items.repository import DynamoItems
from api.items.router import router
from api.items.service import ItemService


def _build(shared: Shared) -> ItemService:
    return ItemService(DynamoItems(shared.tables["items"]), shared.cursors, shared.clock)


FEATURE = Feature(router, _build)
