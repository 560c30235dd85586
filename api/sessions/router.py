"""Routes of sessions."""

from typing import Annotated, cast

from fastapi import Query, Request

from api.dependencies import authorized_caller, service_of
from api.routing import feature_router
from api.schemas import Cursor, Limit
from api.sessions.schemas import Session, SessionId, SessionPage
from api.sessions.service import SessionService

router = feature_router("sessions", "/api/v1/sessions")


def _service(request: Request) -> SessionService:
    return cast("SessionService", service_of(request, "sessions"))


@router.get("")
async def list_sessions(
    request: Request,
    limit: Limit = 50,
    cursor: Annotated[Cursor | None, Query(description="`next_cursor` of the previous page")] = None,
) -> SessionPage:
    """Return the sign-ins that have called this service in the last 30 days."""
    caller = authorized_caller(request)
    sessions, next_cursor = _service(request).page(caller, limit, cursor)
    shown = [
        Session(id=each.id, current=each.id == caller.session_id, signed_in_at=each.signed_in_at, revoked=each.revoked)
        for each in sessions
    ]
    return SessionPage(sessions=shown, next_cursor=next_cursor)


@router.delete("", status_code=204)
async def revoke_sessions(request: Request) -> None:
    """Revoke all sessions. All access tokens of the caller are rejected from now on."""
    _service(request).revoke_all(authorized_caller(request))


@router.delete("/{session_id}", status_code=204)
async def revoke_session(request: Request, session_id: SessionId) -> None:
    """Revoke a session. Its access tokens are rejected from now on."""
    _service(request).revoke(authorized_caller(request), session_id)
