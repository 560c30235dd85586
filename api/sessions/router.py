"""Routes of sessions."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.dependencies import CurrentCaller, Sessions
from api.schemas import Cursor, Limit
from api.sessions.schemas import Session, SessionId, SessionPage

router = APIRouter(prefix="/api/v1/sessions", tags=["sessions"])


@router.get("")
async def list_sessions(
    caller: CurrentCaller,
    sessions: Sessions,
    limit: Limit = 50,
    cursor: Annotated[Cursor | None, Query(description="`next_cursor` of the page before")] = None,
) -> SessionPage:
    """Your sign-ins that have called this service in the last 30 days."""
    found, next_cursor = sessions.page(caller, limit, cursor)
    shown = [
        Session(id=each.id, current=each.id == caller.session_id, signed_in_at=each.signed_in_at, revoked=each.revoked)
        for each in found
    ]
    return SessionPage(sessions=shown, next_cursor=next_cursor)


@router.delete("", status_code=204)
async def revoke_sessions(caller: CurrentCaller, sessions: Sessions) -> None:
    """Sign out everywhere: every token you hold is refused from now on."""
    sessions.revoke_all(caller)


@router.delete("/{session_id}", status_code=204)
async def revoke_session(session_id: SessionId, caller: CurrentCaller, sessions: Sessions) -> None:
    """End one session: its access tokens are refused from now on."""
    sessions.revoke(caller, session_id)
