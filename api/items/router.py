"""Routes of items."""

import json
from typing import Annotated, cast

from fastapi import APIRouter, Header, Query, Request, Response

from api.definition import READ, WRITE
from api.dependencies import (
    IF_NONE_MATCH,
    IfMatch,
    authorized_caller,
    identifier_of,
    reject_repeated_parameters,
    service_of,
)
from api.entity_tags import etag, matches
from api.items.repository import Item as StoredItem
from api.items.repository import ItemContent
from api.items.schemas import Item, ItemInput, ItemPage, Order
from api.items.service import ItemService
from api.pages import fitting
from api.schemas import CONFLICT, VERSIONED, Cursor, Identifier, Limit

router = APIRouter(prefix="/api/v1/items", tags=["items"])


def _service(request: Request) -> ItemService:
    return cast("ItemService", service_of(request, "items"))


IdempotencyKey = Annotated[
    str | None,
    # API Gateway joins repeated headers with commas: two keys would become another one.
    Header(
        min_length=1,
        max_length=255,
        pattern="^[^,]+$",
        description="A repeated request with the same key returns the first response, for 24 hours",
    ),
]
# Only documented here, and read from the request: as a declared parameter each would take a tenth of the time of
# the busiest route.
ITEM_ID = {
    "name": "item_id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "minLength": 36, "maxLength": 36, "pattern": "^[0-9a-f-]+$", "title": "Item Id"},
}


# Routes are matched in this order: the busiest one is first.
@router.get(
    "/{item_id}",
    response_model=Item,
    responses={200: VERSIONED, 304: {"description": "Not modified"}, 422: {"description": "Invalid identifier"}},
    openapi_extra={"parameters": [ITEM_ID, IF_NONE_MATCH]},
)
async def read_item(request: Request) -> Response:
    """Return an item."""
    caller = authorized_caller(request, READ)
    item = _service(request).read(caller.owner, identifier_of(request, "item_id"))
    if matches(request.headers.get("if-none-match"), item.version):
        return Response(status_code=304, headers={"ETag": etag(item.version)})
    return _item_response(item)


@router.get("", response_model=ItemPage)
async def list_items(
    request: Request,
    limit: Limit = 50,
    cursor: Annotated[Cursor | None, Query(description="`next_cursor` of the previous page")] = None,
    order: Order = "newest",
) -> Response:
    """Return a page of the caller's items. A page of large items has fewer items than `limit`."""
    reject_repeated_parameters(request)
    caller, service = authorized_caller(request, READ), _service(request)
    items, more = service.page(caller.owner, order, limit, cursor)
    written = fitting(_item_json(item) for item in items)
    more = more or len(written) < len(items)
    next_cursor = json.dumps(service.cursor(caller.owner, order, items[len(written) - 1]) if more else None)
    page = f'{{"items":[{",".join(written)}],"next_cursor":{next_cursor}}}'
    return Response(page, media_type="application/json")


@router.post("", status_code=201, response_model=Item, responses={201: VERSIONED, **CONFLICT})
async def create_item(request: Request, body: ItemInput, idempotency_key: IdempotencyKey = None) -> Response:
    """Create an item."""
    caller = authorized_caller(request, WRITE)
    item = _service(request).create(caller.owner, ItemContent(**vars(body)), idempotency_key)
    return _item_response(item, 201, Location=f"{router.prefix}/{item.id}")


@router.put("/{item_id}", response_model=Item, responses={200: VERSIONED, **CONFLICT})
async def replace_item(request: Request, item_id: Identifier, body: ItemInput, if_match: IfMatch = None) -> Response:
    """Replace the content of an item."""
    caller, content = authorized_caller(request, WRITE), ItemContent(**vars(body))
    return _item_response(_service(request).replace(caller.owner, item_id, content, if_match))


@router.delete("/{item_id}", status_code=204, responses=CONFLICT)
async def delete_item(request: Request, item_id: Identifier, if_match: IfMatch = None) -> None:
    """Delete an item. Its attachments must be deleted first."""
    caller = authorized_caller(request, WRITE)
    _service(request).delete(caller.owner, item_id, if_match)


def _item_response(item: StoredItem, status_code: int = 200, **headers: str) -> Response:
    """Return an item with its ETag; FastAPI would validate it once more."""
    headers["ETag"] = etag(item.version)
    return Response(_item_json(item), status_code, headers, media_type="application/json")


def _item_json(item: StoredItem) -> str:
    fields = dict(vars(item))
    content = fields.pop("content")
    return Item(**fields, **vars(content)).model_dump_json()
