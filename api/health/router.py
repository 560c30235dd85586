"""Routes of health, and the welcome page."""

from fastapi import APIRouter

from api.dependencies import CurrentSettings, HealthCheck
from api.health.schemas import Health, State, Welcome

router = APIRouter(tags=["health"])


@router.get("/")
async def welcome(settings: CurrentSettings) -> Welcome:
    """Where to go from here."""
    links = {"health": "/health", "items": "/api/v1/items", "me": "/api/v1/me"}
    if settings.documented:
        links |= {"docs": "/docs", "redoc": "/redoc", "openapi": "/openapi.json"}
    return Welcome(service="items-api", version=settings.service_version, links=links)


@router.get("/health")
@router.get("/api/health", operation_id="health_under_api")
async def health(settings: CurrentSettings) -> Health:
    """The service answers."""
    return Health(environment=settings.environment, version=settings.service_version)


@router.get("/health/live")
async def live() -> State:
    """The process runs."""
    return State(status="alive")


@router.get("/health/ready")
async def ready(check: HealthCheck) -> State:
    """The service can reach what it needs."""
    check.require_ready()
    return State(status="ready")
