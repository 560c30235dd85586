"""Routes of items."""

import json
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response

from api.caller import READ, WRITE
from api.dependencies import caller_of, identifier_of, reject_repeated_parameters, services_of
from api.entity_tags import FORM
from api.items.schemas import Item, ItemInput, ItemPage, Order
from api.items.service import Item as KeptItem
from api.items.service import ItemContent, etag, matches
from api.pages import fitting
from api.schemas import Cursor, Identifier, Limit

router = APIRouter(prefix="/api/v1/items", tags=["items"])

IdempotencyKey = Annotated[
    str | None,
    # API Gateway joins repeated headers by commas: two keys would become a third.
    Header(min_length=1, max_length=255, pattern="^[^,]+$", description="Makes a repetition harmless for 24 hours"),
]
IfMatch = Annotated[
    str | None,
    Header(description="The ETag of the version this change is based on", json_schema_extra={"pattern": FORM}),
]
# Documented only and read from the request: as a parameter each would cost the busiest route a tenth of its time.
ITEM_ID = {
    "name": "item_id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "minLength": 36, "maxLength": 36, "pattern": "^[0-9a-f-]+$", "title": "Item Id"},
}
IF_NONE_MATCH = {
    "name": "if-none-match",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": FORM},
    "description": "The ETag of the version you have",
}


# Routes are tried in this order: the one that is asked most stands first.
@router.get(
    "/{item_id}",
    response_model=Item,
    responses={304: {"description": "You have this version"}, 422: {"description": "No identifier"}},
    openapi_extra={"parameters": [ITEM_ID, IF_NONE_MATCH]},
)
async def read_item(request: Request) -> Response:
    """One of your items."""
    caller = caller_of(request, READ)
    item = services_of(request).items.read(caller.owner, identifier_of(request, "item_id"))
    if matches(request.headers.get("if-none-match"), item):
        return Response(status_code=304, headers={"ETag": etag(item.version)})
    return _answer(item)


@router.get("", response_model=ItemPage)
async def list_items(
    request: Request,
    limit: Limit = 50,
    cursor: Annotated[Cursor | None, Query(description="`next_cursor` of the page before")] = None,
    order: Order = "newest",
) -> Response:
    """Your items, page by page; a page of large items holds fewer of them than its limit."""
    reject_repeated_parameters(request)
    caller, items = caller_of(request, READ), services_of(request).items
    found, more = items.page(caller.owner, order, limit, cursor)
    written = fitting(_shown(item).model_dump_json() for item in found)
    more = more or len(written) < len(found)
    next_cursor = json.dumps(items.cursor(caller.owner, order, found[len(written) - 1]) if more else None)
    page = f'{{"items":[{",".join(written)}],"next_cursor":{next_cursor}}}'
    return Response(page, media_type="application/json")


@router.post("", status_code=201, response_model=Item)
async def create_item(request: Request, body: ItemInput, idempotency_key: IdempotencyKey = None) -> Response:
    """Keep a new item."""
    caller = caller_of(request, WRITE)
    item = services_of(request).items.create(caller.owner, _content(body), idempotency_key)
    return _answer(item, 201, Location=f"{router.prefix}/{item.id}")


@router.put("/{item_id}", response_model=Item)
async def replace_item(request: Request, item_id: Identifier, body: ItemInput, if_match: IfMatch = None) -> Response:
    """Replace an item's content."""
    caller = caller_of(request, WRITE)
    return _answer(services_of(request).items.replace(caller.owner, item_id, _content(body), if_match))


@router.delete("/{item_id}", status_code=204)
async def delete_item(request: Request, item_id: Identifier, if_match: IfMatch = None) -> None:
    """Forget an item; its attachments have to be deleted before."""
    caller = caller_of(request, WRITE)
    services_of(request).items.delete(caller.owner, item_id, if_match)


def _content(body: ItemInput) -> ItemContent:
    return ItemContent(body.name, body.description, body.tags, body.attributes)


def _answer(item: KeptItem, status_code: int = 200, **headers: str) -> Response:
    """An item with its ETag, written once: FastAPI would validate what we just built."""
    headers["ETag"] = etag(item.version)
    return Response(_shown(item).model_dump_json(), status_code, headers, media_type="application/json")


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
