"""The application, built from its settings and its repositories."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import FastAPI

from api.attachments.repository import DynamoAttachments, S3Files
from api.attachments.router import router as attachments
from api.attachments.service import AttachmentService
from api.auth import AuthMiddleware
from api.clock import Clock, utc_now
from api.definition import NAME
from api.dependencies import Services
from api.information import router as information
from api.items.repository import DynamoItems
from api.items.router import router as items
from api.items.service import ItemService
from api.pages import Cursors
from api.problems import add_problem_handlers
from api.response_headers import ResponseHeadersMiddleware
from api.sessions.repository import DynamoSessions
from api.sessions.router import router as sessions
from api.sessions.service import SessionService
from api.settings import Settings


@dataclass(frozen=True)
class Repositories:
    """The storage of the service."""

    items: DynamoItems
    attachments: DynamoAttachments
    files: S3Files
    sessions: DynamoSessions
    tables_readable: Callable[[], bool]
    """Return whether the service can read its tables."""
    cursor_key: Callable[[], bytes]


def create_app(settings: Settings, repositories: Repositories, clock: Clock = utc_now) -> FastAPI:
    """Return the service as an ASGI application."""
    app = FastAPI(
        title=NAME,
        version="1",
        openapi_url="/openapi.json" if settings.docs_enabled else None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # Powertools does that
    )
    cursors = Cursors(repositories.cursor_key)
    services = app.state.services = Services(
        settings=settings,
        items=ItemService(repositories.items, cursors, clock),
        attachments=AttachmentService(repositories.attachments, repositories.files, clock),
        sessions=SessionService(repositories.sessions, cursors, clock, settings.rate_limit_per_minute),
        tables_readable=repositories.tables_readable,
    )
    for router in (items, attachments, sessions, information):
        app.router.routes.extend(router.routes)  # include_router would match every request once per router, then again
    add_problem_handlers(app)
    if settings.docs_enabled:
        _add_documentation(app, settings)
    app.add_middleware(AuthMiddleware, sessions=services.sessions)
    app.add_middleware(ResponseHeadersMiddleware)
    return app


def _add_documentation(app: FastAPI, settings: Settings) -> None:
    """Serve the documentation; its modules are loaded only where it is enabled."""
    from api.documentation import add_documentation
    from api.openapi import document

    app.openapi = lambda: document(app, settings)  # type: ignore[method-assign] # FastAPI's documented way to replace it
    add_documentation(app, settings)
