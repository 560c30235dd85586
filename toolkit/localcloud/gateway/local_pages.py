"""The local cloud's pages under /_local/: an echo upstream, the assets of the documentation pages, sign-in."""

import importlib.util
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def create_local_pages(sign_in: ASGIApp | None) -> ASGIApp:
    """Return the pages as one application; a stack without a user pool has no sign-in."""
    return Starlette(
        routes=[
            Route("/_local/echo", _echo, methods=_METHODS),
            Route("/_local/echo/{path:path}", _echo, methods=_METHODS),
            Mount("/_local/docs", StaticFiles(directory=_docs_assets())),
            *([Mount("/_local/sign-in", sign_in)] if sign_in else []),
        ],
        exception_handlers={404: _not_found, 405: _not_found},
    )


async def _echo(request: Request) -> JSONResponse:
    """Return the request that the upstream received."""
    body = (await request.body()).decode("utf-8", "replace")
    return JSONResponse(
        {
            "method": request.method,
            "path": f"/{request.path_params.get('path', '')}",
            "query": request.url.query,
            "headers": dict(request.headers),
            "body": body,
        }
    )


async def _not_found(_request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"message": "Not Found"}, getattr(error, "status_code", 404))


def _docs_assets() -> Path:
    """Return the folder with the scripts and styles of Swagger UI and ReDoc, without importing the package."""
    spec = importlib.util.find_spec("fastapi_offline")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("fastapi-offline is not installed: run `make` again to set the environment up.")
    return Path(spec.submodule_search_locations[0]) / "static"
