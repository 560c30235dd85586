"""The JSON of sessions."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import StringConstraints

from api.caller import MAX_KEY_BYTES
from api.schemas import CURSOR_EXAMPLE, Output, example

SessionId = Annotated[str, StringConstraints(min_length=1, max_length=MAX_KEY_BYTES, pattern=r"^[A-Za-z0-9_-]+$")]


_SESSION: dict[str, Any] = {
    "id": "0c9f6f7e-6d43-4a58-8f0e-1f1c2b3a4d5e",
    "current": True,
    "signed_in_at": "2026-11-30T09:00:00Z",
    "revoked": False,
}


class Session(Output):
    """A sign-in that has called this service."""

    model_config = example(**_SESSION)

    id: str
    current: bool
    signed_in_at: datetime
    revoked: bool


class SessionPage(Output):
    """A page of sessions; `next_cursor` is null on the last page."""

    model_config = example(sessions=[_SESSION], next_cursor=CURSOR_EXAMPLE)

    sessions: list[Session]
    next_cursor: str | None
