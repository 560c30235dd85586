"""The public routes: the start page and the health checks."""

from typing import Literal

from fastapi import APIRouter, Request

from api.definition import NAME
from api.dependencies import services_of
from api.errors import UnavailableError
from api.schemas import Output

router = APIRouter(tags=["health"])


class Health(Output):
    """The service that answered, and its version."""

    status: Literal["ok"] = "ok"
    environment: str
    version: str


class State(Output):
    """The result of a check that passed; a check that fails returns a problem document."""

    status: Literal["alive", "ready"]


class Welcome(Output):
    """The service and links to its routes."""

    service: str
    version: str
    links: dict[str, str]


@router.get("/")
async def welcome(request: Request) -> Welcome:
    """Return links to the routes of the service."""
    settings = services_of(request).settings
    links = {"health": "/health", "items": "/api/v1/items", "me": "/api/v1/me"}
    if settings.docs_enabled:
        links |= {"docs": "/docs", "redoc": "/redoc", "openapi": "/openapi.json"}
    return Welcome(service=NAME, version=settings.service_version, links=links)


@router.get("/health")
@router.get("/api/health", operation_id="health_under_api")
async def health(request: Request) -> Health:
    """Return environment and version of the service."""
    settings = services_of(request).settings
    return Health(environment=settings.environment, version=settings.service_version)


@router.get("/health/live")
async def live() -> State:
    """Check that the process runs."""
    return State(status="alive")


@router.get("/health/ready")
async def ready(request: Request) -> State:
    """Check that the service can read its tables."""
    if not services_of(request).tables_readable():
        raise UnavailableError("The tables cannot be read.", headers={"Retry-After": "5"})
    return State(status="ready")
