"""Routes of items."""

import json
from typing import Annotated, Any, cast

from fastapi import Body, Header, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from api.definition import READ, WRITE
from api.dependencies import IF_NONE_MATCH, IfMatch, authorized_caller, errors_at, identifier_of, service_of
from api.entity_tags import etag, matches
from api.errors import ApiError, InvalidRequestError
from api.items.repository import Item as StoredItem
from api.items.repository import ItemContent
from api.items.schemas import (
    CreatedItem,
    Item,
    ItemInput,
    ItemPage,
    ItemPatch,
    ItemResults,
    ItemsInput,
    NamePrefix,
    Order,
    RejectedItem,
    Tag,
)
from api.items.service import ItemQuery, ItemService, merge_patch
from api.pages import fitting
from api.problems import MAX_ERRORS, invalid_request, problem_document
from api.routing import feature_router
from api.schemas import CONFLICT, VERSIONED, Cursor, Identifier, Limit, Problem

router = feature_router("items", "/api/v1/items")


def _service(request: Request) -> ItemService:
    return cast("ItemService", service_of(request, "items"))


IdempotencyKey = Annotated[
    str | None,
    # API Gateway joins repeated headers with commas: two keys would become another one.
    Header(
        alias="Idempotency-Key",
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
MERGE_PATCH = "application/merge-patch+json"
"""The documented type of a patch; `application/json` is accepted too. Generators of clients fail on two types."""


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
    # Without a default: generated clients send those, and name_prefix does not allow an order.
    order: Annotated[
        Order | None, Query(description="By the time of creation; without it the newest are first")
    ] = None,
    tag: Annotated[Tag | None, Query(description="Only items with this tag")] = None,
    name_prefix: Annotated[
        NamePrefix | None,
        Query(
            description="Only items whose names start with this text, in the order of their names. Upper and lower "
            "case are equal. A change is visible a moment later. It cannot be combined with `order` or `tag`."
        ),
    ] = None,
) -> Response:
    """Return a page of the caller's items. A page of large items has fewer items than `limit`."""
    caller, service = authorized_caller(request, READ), _service(request)
    if name_prefix is not None:
        _reject_with_name_prefix(request, "order", "tag")
    query = ItemQuery(order or "newest", tag, name_prefix)
    items, more = service.page(caller.owner, query, limit, cursor)
    written = fitting(_item_json(item) for item in items)
    more = more or len(written) < len(items)
    next_cursor = json.dumps(service.cursor(caller.owner, query, items[len(written) - 1]) if more else None)
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


@router.patch("/{item_id}", response_model=Item, responses={200: VERSIONED, **CONFLICT})
async def update_item(
    request: Request,
    item_id: Identifier,
    body: Annotated[ItemPatch, Body(media_type=MERGE_PATCH)],
    if_match: IfMatch = None,
) -> Response:
    """Change some fields of an item, by a merge patch (RFC 7396)."""
    caller = authorized_caller(request, WRITE)
    changes = body.model_dump(exclude_unset=True)

    def change(content: ItemContent) -> ItemContent:
        try:
            return ItemContent(**vars(ItemInput(**merge_patch(vars(content), changes))))
        except ValidationError as error:
            raise RequestValidationError(errors_at(("body",), error)) from None

    return _item_response(_service(request).patch(caller.owner, item_id, change, if_match))


@router.delete("/{item_id}", status_code=204, responses=CONFLICT)
async def delete_item(request: Request, item_id: Identifier, if_match: IfMatch = None) -> None:
    """Delete an item. Its attachments must be deleted first."""
    caller = authorized_caller(request, WRITE)
    _service(request).delete(caller.owner, item_id, if_match)


@router.post("/bulk")
async def create_items(request: Request, body: ItemsInput, idempotency_key: IdempotencyKey = None) -> ItemResults:
    """Create up to 20 items. Each has its own result: one that is invalid does not prevent the others.

    A repeated request with the same key returns the first results, and creates the items that failed before.
    """
    caller, most = authorized_caller(request, WRITE), MAX_ERRORS // len(body.items)
    entries = [_entry(entry, position, most) for position, entry in enumerate(body.items)]
    created = _service(request).create_all(caller.owner, entries, idempotency_key)
    return ItemResults(results=[_result(each, request.scope["request_id"]) for each in created])


def _entry(entry: Any, position: int, most: int) -> ItemContent | ApiError:
    """Return the content of an entry of a bulk request, or an error that lists some of its invalid values."""
    try:
        return ItemContent(**vars(ItemInput.model_validate(entry)))
    except ValidationError as error:
        return invalid_request(errors_at(("body", "items", position), error), most)


def _result(created: StoredItem | ApiError, request_id: str) -> CreatedItem | RejectedItem:
    if isinstance(created, ApiError):
        return RejectedItem(status=created.status, problem=Problem(**problem_document(created, request_id)))
    return CreatedItem(status=201, id=created.id)


def _reject_with_name_prefix(request: Request, *names: str) -> None:
    sent = [name for name in names if name in request.query_params]
    if sent:
        errors = [{"location": f"query.{name}", "message": "Not allowed together with name_prefix"} for name in sent]
        raise InvalidRequestError("name_prefix has its own order and no other filter.", errors=errors)


def _item_response(item: StoredItem, status_code: int = 200, **headers: str) -> Response:
    """Return an item with its ETag; FastAPI would validate it once more."""
    headers["ETag"] = etag(item.version)
    return Response(_item_json(item), status_code, headers, media_type="application/json")


def _item_json(item: StoredItem) -> str:
    fields = dict(vars(item))
    content = fields.pop("content")
    return Item(**fields, **vars(content)).model_dump_json()
