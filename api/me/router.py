"""Route of the caller."""

from fastapi import APIRouter

from api.dependencies import CurrentCaller
from api.me.schemas import Me

router = APIRouter(prefix="/api/v1/me", tags=["me"])


@router.get("")
async def me(caller: CurrentCaller) -> Me:
    """Who you are to this service, read from your token."""
    return Me(
        id=caller.owner,
        kind="machine" if caller.is_machine else "user",
        username=caller.username,
        client_id=caller.client_id,
        session_id=caller.session_id,
        groups=sorted(caller.groups),
        scopes=sorted(caller.scopes),
    )
