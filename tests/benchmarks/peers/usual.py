"""The usual way: synchronous routes, lifespan left on auto, boto3.resource at import."""

import os
from typing import Annotated, Any

import boto3
from fastapi import Depends, FastAPI, HTTPException, Request
from mangum import Mangum
from pydantic import BaseModel

table = boto3.resource("dynamodb").Table(os.environ["ITEMS_TABLE"])
app = FastAPI(title="items")


class Item(BaseModel):
    """An item as it is answered."""

    id: str
    name: str


class ItemInput(BaseModel):
    """An item as it is sent."""

    name: str


def owner_of(request: Request) -> str:
    """The caller, from the authorizer's claims."""
    claims = request.scope["aws.event"]["requestContext"]["authorizer"]["jwt"]["claims"]
    return str(claims["sub"])


Owner = Annotated[str, Depends(owner_of)]


@app.get("/api/v1/items/{item_id}", response_model=Item)
def read(item_id: str, owner: Owner) -> Any:
    """One item."""
    answer = table.get_item(Key={"owner": owner, "record": f"item#{item_id}"})
    if "Item" not in answer:
        raise HTTPException(404)
    return {"id": item_id, "name": answer["Item"]["name"]}


@app.post("/api/v1/items", response_model=Item, status_code=201)
def create(item: ItemInput, owner: Owner) -> Any:
    """A new item."""
    table.put_item(Item={"owner": owner, "record": f"item#{item.name}", "name": item.name})
    return {"id": item.name, "name": item.name}


@app.delete("/api/v1/items/{item_id}", status_code=204)
def delete(item_id: str, owner: Owner) -> None:
    """Forget an item."""
    table.delete_item(Key={"owner": owner, "record": f"item#{item_id}"})


handler = Mangum(app)
