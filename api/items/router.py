"""Routes of items."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response

from api.caller import READ, WRITE
from api.dependencies import CurrentCaller, Items
from api.items.schemas import Item, ItemInput, ItemPage, Order
from api.items.service import Item as KeptItem
from api.items.service import ItemContent, etag, matches
from api.schemas import Cursor, Identifier, Limit

router = APIRouter(prefix="/api/v1/items", tags=["items"])

IdempotencyKey = Annotated[
    str | None, Header(min_length=1, max_length=255, description="Makes a repetition harmless for 24 hours")
]
IfMatch = Annotated[str | None, Header(description="The ETag of the version this change is based on")]
IfNoneMatch = Annotated[str | None, Header(description="The ETag of the version you have")]


@router.get("")
async def list_items(
    caller: CurrentCaller,
    items: Items,
    limit: Limit = 50,
    cursor: Annotated[Cursor | None, Query(description="`next_cursor` of the page before")] = None,
    order: Order = "newest",
) -> ItemPage:
    """Your items, page by page."""
    caller.require_scope(READ)
    found, next_cursor = items.page(caller.owner, order, limit, cursor)
    return ItemPage(items=[_shown(item) for item in found], next_cursor=next_cursor)


@router.post("", status_code=201)
async def create_item(
    body: ItemInput, caller: CurrentCaller, items: Items, response: Response, idempotency_key: IdempotencyKey = None
) -> Item:
    """Keep a new item."""
    caller.require_scope(WRITE)
    item = items.create(caller.owner, _content(body), idempotency_key)
    response.headers["ETag"] = etag(item)
    response.headers["Location"] = f"{router.prefix}/{item.id}"
    return _shown(item)


@router.get("/{item_id}", responses={304: {"description": "You have this version"}})
async def read_item(
    item_id: Identifier, caller: CurrentCaller, items: Items, response: Response, if_none_match: IfNoneMatch = None
) -> Any:
    """One of your items."""
    caller.require_scope(READ)
    item = items.read(caller.owner, item_id)
    if matches(if_none_match, item):
        return Response(status_code=304, headers={"ETag": etag(item)})
    response.headers["ETag"] = etag(item)
    return _shown(item)


@router.put("/{item_id}")
async def replace_item(
    item_id: Identifier,
    body: ItemInput,
    caller: CurrentCaller,
    items: Items,
    response: Response,
    if_match: IfMatch = None,
) -> Item:
    """Replace an item's content."""
    caller.require_scope(WRITE)
    item = items.replace(caller.owner, item_id, _content(body), if_match)
    response.headers["ETag"] = etag(item)
    return _shown(item)


@router.delete("/{item_id}", status_code=204)
async def delete_item(item_id: Identifier, caller: CurrentCaller, items: Items, if_match: IfMatch = None) -> None:
    """Forget an item; its attachments have to be deleted before."""
    caller.require_scope(WRITE)
    items.delete(caller.owner, item_id, if_match)


def _content(body: ItemInput) -> ItemContent:
    return ItemContent(body.name, body.description, body.tags, body.attributes)


def _shown(item: KeptItem) -> Item:
    content = item.content
    return Item(
        id=item.id,
        name=content.name,
        description=content.description,
        tags=content.tags,
        attributes=dict(content.attributes),
        version=item.version,
        created_at=item.created_at,
        updated_at=item.updated_at,
    )
