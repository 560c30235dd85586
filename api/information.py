"""Routes that describe the service and its caller: start page, health checks, environment and the token's claims."""

import os
import sys
from typing import Literal

from fastapi import APIRouter, Request

from api.definition import ADMINS, CALLER, COLLECTIONS, NAME
from api.dependencies import authorized_caller, shared_by
from api.errors import ForbiddenError, UnavailableError
from api.schemas import Output
from api.table import all_readable

router = APIRouter()
_OPEN_TO_ALL_CALLERS = ("local", "dev")


class Me(Output):
    """The caller, as the access token identifies them."""

    id: str
    kind: Literal["user", "machine"]
    username: str | None
    client_id: str
    session_id: str | None
    groups: list[str]
    scopes: list[str]


class EnvironmentInformation(Output):
    """The function that answered the request."""

    environment: str
    service_version: str
    runtime: str
    architecture: str
    region: str | None
    function: str | None
    function_version: str | None
    memory_mb: int | None


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


@router.get("/api/v1/me", tags=["me"])
async def me(request: Request) -> Me:
    """Return the caller, as the access token identifies them."""
    caller = authorized_caller(request)
    return Me(
        id=caller.owner,
        kind="machine" if caller.is_machine else "user",
        username=caller.username,
        client_id=caller.client_id,
        session_id=caller.session_id,
        groups=sorted(caller.groups),
        scopes=sorted(caller.scopes),
    )


@router.get("/api/v1/environment", tags=["environment"])
async def environment(request: Request) -> EnvironmentInformation:
    """Return runtime, version, memory and region of the function. Only admins may call it outside local and dev."""
    settings, caller = shared_by(request).settings, authorized_caller(request)
    if settings.environment not in _OPEN_TO_ALL_CALLERS and ADMINS not in caller.groups:
        raise ForbiddenError(f"In {settings.environment} only the group {ADMINS} may read this.")
    python = f"python{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
    return EnvironmentInformation(
        environment=settings.environment,
        service_version=settings.service_version,
        runtime=settings.runtime or python,
        architecture=os.uname().machine,
        region=settings.region,
        function=settings.function_name,
        function_version=settings.function_version,
        memory_mb=settings.function_memory_mb,
    )


@router.get("/", tags=["health"])
async def welcome(request: Request) -> Welcome:
    """Return links to the routes of the service."""
    settings = shared_by(request).settings
    links = {"health": "/health", **{each.records: each.path for each in COLLECTIONS}, "me": CALLER}
    if settings.docs_enabled:
        links |= {"docs": "/docs", "redoc": "/redoc", "openapi": "/openapi.json"}
    return Welcome(service=NAME, version=settings.service_version, links=links)


@router.get("/health", tags=["health"])
@router.get("/api/health", tags=["health"], operation_id="health_under_api")
async def health(request: Request) -> Health:
    """Return environment and version of the service."""
    settings = shared_by(request).settings
    return Health(environment=settings.environment, version=settings.service_version)


@router.get("/health/live", tags=["health"])
async def live() -> State:
    """Check that the process runs."""
    return State(status="alive")


@router.get("/health/ready", tags=["health"], responses={503: {"description": "Service unavailable"}})
async def ready(request: Request) -> State:
    """Check that the service can read its tables."""
    if not all_readable(*shared_by(request).tables.values()):
        raise UnavailableError("The tables cannot be read.", headers={"Retry-After": "5"})
    return State(status="ready")
