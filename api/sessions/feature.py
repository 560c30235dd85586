"""The sessions feature: its service counts the requests of callers in the table `sessions`."""

from api.features import Feature, Shared
from api.sessions.repository import DynamoSessions
from api.sessions.router import router
from api.sessions.service import SessionService


def _build(shared: Shared) -> SessionService:
    limit = shared.settings.rate_limit_per_minute
    return SessionService(DynamoSessions(shared.tables["sessions"]), shared.cursors, shared.clock, limit)


FEATURE = Feature(router, _build)
