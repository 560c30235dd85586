"""Route of the environment."""

from fastapi import APIRouter

from api.dependencies import CurrentCaller, CurrentSettings
from api.environment.schemas import EnvironmentInformation
from api.environment.service import describe

router = APIRouter(prefix="/api/v1/environment", tags=["environment"])


@router.get("")
async def environment(settings: CurrentSettings, caller: CurrentCaller) -> EnvironmentInformation:
    """Runtime, function, version, memory and region; admins only outside local and dev."""
    return describe(settings, caller)
