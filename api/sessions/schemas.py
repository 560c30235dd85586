"""Sessions on the wire."""

from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints

from api.caller import LONGEST_KEY
from api.schemas import Output

SessionId = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_KEY, pattern=r"^[A-Za-z0-9_-]+$")]


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
