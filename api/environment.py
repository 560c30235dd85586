"""The route that describes the running function."""

import os
import sys

from fastapi import APIRouter, Request

from api.definition import ADMINS
from api.dependencies import authorized_caller, services_of
from api.errors import ForbiddenError
from api.schemas import Output

router = APIRouter(prefix="/api/v1/environment", tags=["environment"])
_OPEN_TO_ALL_CALLERS = ("local", "dev")


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


@router.get("")
async def environment(request: Request) -> EnvironmentInformation:
    """Return runtime, version, memory and region of the function. Only admins may call it outside local and dev."""
    settings, caller = services_of(request).settings, authorized_caller(request)
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
