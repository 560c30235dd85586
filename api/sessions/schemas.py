"""The JSON of sessions."""

from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints

from api.caller import MAX_KEY_BYTES
from api.schemas import Output

SessionId = Annotated[str, StringConstraints(min_length=1, max_length=MAX_KEY_BYTES, pattern=r"^[A-Za-z0-9_-]+$")]


class Session(Output):
    """A sign-in that has called this service."""

    id: str
    current: bool
    signed_in_at: datetime
    revoked: bool


class SessionPage(Output):
    """A page of sessions; `next_cursor` is null on the last page."""

    sessions: list[Session]
    next_cursor: str | None
