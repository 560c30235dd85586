"""Route of the caller."""

from fastapi import APIRouter, Request

from api.dependencies import caller_of
from api.me.schemas import Me

router = APIRouter(prefix="/api/v1/me", tags=["me"])


@router.get("")
async def me(request: Request) -> Me:
    """Who you are to this service, read from your token."""
    caller = caller_of(request)
    return Me(
        id=caller.owner,
        kind="machine" if caller.is_machine else "user",
        username=caller.username,
        client_id=caller.client_id,
        session_id=caller.session_id,
        groups=sorted(caller.groups),
        scopes=sorted(caller.scopes),
    )
