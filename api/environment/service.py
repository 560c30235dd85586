"""Who may see where the service runs, and what there is to see."""

import os
import sys

from api.caller import Caller
from api.environment.schemas import EnvironmentInformation
from api.errors import ForbiddenError
from api.settings import Settings

ADMINS = "admins"


def describe(settings: Settings, caller: Caller) -> EnvironmentInformation:
    """The function's surroundings; outside local and dev for admins only (ForbiddenError)."""
    if settings.environment not in ("local", "dev") and ADMINS not in caller.groups:
        raise ForbiddenError(f"In {settings.environment} only the group {ADMINS} may see this.")
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
