"""The yardstick: the smallest FastAPI service behind Mangum, written with care."""

from fastapi import FastAPI
from mangum import Mangum

app = FastAPI()


@app.get("/api/v1/items/{item_id}")
async def hello(item_id: str) -> dict[str, str]:
    """Greet."""
    return {"message": "hello", "item_id": item_id}


handler = Mangum(app, lifespan="off")
