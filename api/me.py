"""The route that returns the caller, as the access token identifies them."""

from typing import Literal

from fastapi import APIRouter, Request

from api.dependencies import authorized_caller
from api.schemas import Output

router = APIRouter(prefix="/api/v1/me", tags=["me"])


class Me(Output):
    """The caller, as the access token identifies them."""

    id: str
    kind: Literal["user", "machine"]
    username: str | None
    client_id: str
    session_id: str | None
    groups: list[str]
    scopes: list[str]


@router.get("")
async def me(request: Request) -> Me:
    """Return the caller, as the access token identifies them."""
    caller = authorized_caller(request)
    return Me(
        id=caller.owner,
        kind="machine" if caller.is_machine else "user",
        username=caller.username,
        client_id=caller.client_id,
        session_id=caller.session_id,
        groups=sorted(caller.groups),
        scopes=sorted(caller.scopes),
    )
