"""Routes that describe the service and its caller: start page, health checks, environment and the token's claims."""

import os
import sys
from typing import Literal

from fastapi import Request

from api.definition import ADMINS, CALLER, COLLECTIONS, NAME
from api.dependencies import authorized_caller, shared_by
from api.errors import ForbiddenError, UnavailableError
from api.routing import feature_router
from api.schemas import Output, example
from api.table import all_readable

router = feature_router("information")
_OPEN_TO_ALL_CALLERS = ("local", "dev")


class Me(Output):
    """The caller, as the access token identifies them."""

    model_config = example(
        id="8b1f0a52-3d5e-4c39-9a1c-5f7e2d9b6c10",
        kind="user",
        username="ada",
        client_id="2kq9example",
        session_id="0c9f6f7e-6d43-4a58-8f0e-1f1c2b3a4d5e",
        groups=["admins"],
        scopes=["openid", "profile"],
    )

    id: str
    kind: Literal["user", "machine"]
    username: str | None
    client_id: str
    session_id: str | None
    groups: list[str]
    scopes: list[str]


class EnvironmentInformation(Output):
    """The function that answered the request."""

    model_config = example(
        environment="dev",
        service_version="0123456789ab",
        runtime="AWS_Lambda_python3.13",
        architecture="aarch64",
        region="eu-central-1",
        function=f"{NAME}-dev-api",
        function_version="7",
        memory_mb=512,
    )

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

    model_config = example(status="ok", environment="dev", version="0123456789ab")

    status: Literal["ok"] = "ok"
    environment: str
    version: str


class State(Output):
    """The result of a check that passed; a check that fails returns a problem document."""

    model_config = example(status="ready")

    status: Literal["alive", "ready"]


class Welcome(Output):
    """The service and links to its routes."""

    model_config = example(service=NAME, version="0123456789ab", links={"me": CALLER})

    service: str
    version: str
    links: dict[str, str]


@router.get("/api/v1/me")
async def read_caller(request: Request) -> Me:
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


@router.get("/api/v1/environment")
async def read_environment(request: Request) -> EnvironmentInformation:
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


@router.get("/")
async def read_links(request: Request) -> Welcome:
    """Return links to the routes of the service."""
    settings = shared_by(request).settings
    links = {"health": "/health", **{each.records: each.path for each in COLLECTIONS}, "me": CALLER}
    if settings.docs_enabled:
        links |= {"docs": "/docs", "redoc": "/redoc", "openapi": "/openapi.json"}
    return Welcome(service=NAME, version=settings.service_version, links=links)


@router.get("/health")
@router.get("/api/health", operation_id="read_api_health")
async def read_health(request: Request) -> Health:
    """Return environment and version of the service."""
    settings = shared_by(request).settings
    return Health(environment=settings.environment, version=settings.service_version)


@router.get("/health/live")
async def check_liveness() -> State:
    """Check that the process runs."""
    return State(status="alive")


@router.get("/health/ready", responses={503: {"description": "Service unavailable"}})
async def check_readiness(request: Request) -> State:
    """Check that the service can read its tables and reach its queues."""
    shared = shared_by(request)
    if not all_readable(*shared.tables.values()):
        raise UnavailableError("The tables cannot be read.", headers={"Retry-After": "5"})
    if not all(queue.is_reachable() for queue in shared.queues.values()):
        raise UnavailableError("The queues cannot be reached.", headers={"Retry-After": "5"})
    return State(status="ready")
