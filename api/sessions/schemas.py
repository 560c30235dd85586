"""Sessions on the wire."""

from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints

from api.schemas import Output

SessionId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class Session(Output):
    """A sign-in of yours that has called this service."""

    id: str
    current: bool
    signed_in_at: datetime
    revoked: bool


class SessionPage(Output):
    """A page of sessions; without `next_cursor` it is the last."""

    sessions: list[Session]
    next_cursor: str | None
