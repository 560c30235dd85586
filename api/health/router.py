"""Routes of health, and the welcome page."""

from fastapi import APIRouter, Request

from api.dependencies import services_of
from api.health.schemas import Health, State, Welcome

router = APIRouter(tags=["health"])


@router.get("/")
async def welcome(request: Request) -> Welcome:
    """Where to go from here."""
    settings = services_of(request).settings
    links = {"health": "/health", "items": "/api/v1/items", "me": "/api/v1/me"}
    if settings.docs_enabled:
        links |= {"docs": "/docs", "redoc": "/redoc", "openapi": "/openapi.json"}
    return Welcome(service="items-api", version=settings.service_version, links=links)


@router.get("/health")
@router.get("/api/health", operation_id="health_under_api")
async def health(request: Request) -> Health:
    """The service answers."""
    settings = services_of(request).settings
    return Health(environment=settings.environment, version=settings.service_version)


@router.get("/health/live")
async def live() -> State:
    """The process runs."""
    return State(status="alive")


@router.get("/health/ready")
async def ready(request: Request) -> State:
    """The service can reach what it needs."""
    services_of(request).health.require_ready()
    return State(status="ready")
