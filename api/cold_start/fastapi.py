"""Import FastAPI without its telemetry, and load the models of its OpenAPI document with the first document.

`fastapi.openapi.models` builds some thirty pydantic models at import, a fifth of FastAPI's start, and the function
answers without them. `fastapi.telemetry` loads thirty modules of OpenTelemetry even when telemetry is off.
"""

import sys

from api.cold_start.patches import PatchError, lazy_import, require_modules

TELEMETRY = ("fastapi.telemetry", "fastapi.telemetry._api", "fastapi.telemetry._asgi", "fastapi.telemetry._runtime")
"""The modules that `api.cold_start.fastapi_telemetry` replaces."""
PATCHED = (*TELEMETRY, "fastapi.openapi.models")
"""The private names that this file depends on."""


def import_patched() -> None:
    """Import FastAPI; what reads the metadata of packages is loaded when it is used. Raise PatchError."""
    from api.cold_start import fastapi_telemetry

    for name in TELEMETRY:
        sys.modules.setdefault(name, fastapi_telemetry)
    # OAuth2 builds flows at import, and pydantic takes a dictionary for them, too.
    with lazy_import("fastapi.openapi.models", OAuthFlows=dict), lazy_import("importlib.metadata"):
        try:
            import fastapi
        except ImportError as error:
            if error.name != fastapi_telemetry.__name__:
                raise
            raise PatchError("fastapi", f"telemetry as it was: {error}") from error
    require_modules(fastapi, *PATCHED)
