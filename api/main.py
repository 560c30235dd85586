"""The application, built from its settings and its features."""

from typing import cast

from fastapi import FastAPI

from api.attachments.feature import FEATURE as ATTACHMENTS
from api.auth import AuthMiddleware
from api.aws import AwsClients
from api.clock import Clock, utc_now
from api.definition import NAME
from api.features import Shared
from api.information import router as information
from api.items.feature import FEATURE as ITEMS
from api.messages import Queue, Topic
from api.pages import Cursors
from api.problems import add_problem_handlers
from api.response_headers import ResponseHeadersMiddleware
from api.sessions.feature import FEATURE as SESSIONS
from api.sessions.service import SessionService
from api.settings import Settings
from api.table import Table

FEATURES = {"items": ITEMS, "attachments": ATTACHMENTS, "sessions": SESSIONS}
"""By their names in `api.definition`, in the order in which routes are matched: the busiest ones are first."""


def create_app(settings: Settings, aws: AwsClients, clock: Clock = utc_now) -> FastAPI:
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
    shared = app.state.shared = Shared(
        settings=settings,
        aws=aws,
        tables={name: Table(aws.dynamodb, table) for name, table in settings.tables.items()},
        queues={name: Queue(aws, url) for name, url in settings.queue_urls.items()},
        topics={name: Topic(aws, arn) for name, arn in settings.topic_arns.items()},
        cursors=Cursors(lambda: aws.secret(settings.secret_arns["cursor-key"])),
        clock=clock,
    )
    services = app.state.services = {name: feature.build(shared) for name, feature in FEATURES.items()}
    for router in (*(feature.router for feature in FEATURES.values()), information):
        app.router.routes.extend(router.routes)  # include_router would match every request once per router, then again
    add_problem_handlers(app)
    if settings.docs_enabled:
        _add_documentation(app, settings)
    app.add_middleware(AuthMiddleware, sessions=cast("SessionService", services["sessions"]))
    app.add_middleware(ResponseHeadersMiddleware)
    return app


def _add_documentation(app: FastAPI, settings: Settings) -> None:
    """Serve the documentation; its modules are loaded only where it is enabled."""
    from api.documentation import add_documentation
    from api.openapi import document

    app.openapi = lambda: document(app, settings)  # type: ignore[method-assign] # FastAPI's documented way to replace it
    add_documentation(app, settings)
