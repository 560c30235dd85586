"""FastAPI's telemetry as it is while switched off: all that FastAPI imports of it, and no OpenTelemetry behind it."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

TelemetryConfig = TelemetryData = dict

_NO_OPERATION = nullcontext()


class ExceptionTelemetryMiddleware:
    """Would note an exception before it is answered."""

    def __new__(cls, app: Any) -> Any:
        """The application, as it is."""
        return app


class NativeTelemetry:
    """Would draw every request."""

    def __init__(self, _config: Any) -> None:
        """Take what it would be set to."""

    def enabled(self) -> bool:
        """Never."""
        return False


async def lifespan(*, app: ASGIApp, scope: Scope, receive: Receive, send: Send, **_: Any) -> None:
    """Start and end the application, and nothing else with it."""
    await app(scope, receive, send)


def get_telemetry_data(_context: Any = None) -> None:
    """What was noted of the current request."""


def _legacy_otel(_app: Any) -> bool:
    return False


def _operation(**_: Any) -> nullcontext[None]:
    return _NO_OPERATION


def _run_sync_endpoint(*, function: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    return function(**arguments)


def _route_selected(**_: Any) -> None: ...


def _validation_failed(_error: Exception) -> None: ...
