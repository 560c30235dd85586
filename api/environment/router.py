"""Route of the environment."""

from fastapi import APIRouter, Request

from api.dependencies import caller_of, services_of
from api.environment.schemas import EnvironmentInformation
from api.environment.service import describe

router = APIRouter(prefix="/api/v1/environment", tags=["environment"])


@router.get("")
async def environment(request: Request) -> EnvironmentInformation:
    """Runtime, function, version, memory and region; admins only outside local and dev."""
    return describe(services_of(request).settings, caller_of(request))
