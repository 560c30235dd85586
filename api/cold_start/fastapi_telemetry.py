"""A replacement of `fastapi.telemetry` that is switched off: every name that FastAPI imports, without OpenTelemetry."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

TelemetryConfig = TelemetryData = dict

_NO_OPERATION = nullcontext()


class ExceptionTelemetryMiddleware:
    """The middleware that records exceptions; here the application itself."""

    def __new__(cls, app: Any) -> Any:
        """Return the application."""
        return app


class NativeTelemetry:
    """The tracing of requests."""

    def __init__(self, _config: Any) -> None:
        """Take a configuration."""

    def enabled(self) -> bool:
        """Return False."""
        return False


async def lifespan(*, app: ASGIApp, scope: Scope, receive: Receive, send: Send, **_: Any) -> None:
    """Run the lifespan of the application."""
    await app(scope, receive, send)


def get_telemetry_data(_context: Any = None) -> None:
    """Return the telemetry of the current request: none."""


def _legacy_otel(_app: Any) -> bool:
    return False


def _operation(**_: Any) -> nullcontext[None]:
    return _NO_OPERATION


def _run_sync_endpoint(*, function: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    return function(**arguments)


def _route_selected(**_: Any) -> None: ...


def _validation_failed(_error: Exception) -> None: ...
