"""The caller on the wire."""

from typing import Literal

from api.schemas import Output


class Me(Output):
    """Who you are to this service."""

    id: str
    kind: Literal["user", "machine"]
    username: str | None
    client_id: str
    session_id: str | None
    groups: list[str]
    scopes: list[str]
