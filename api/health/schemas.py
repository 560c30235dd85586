"""Health on the wire."""

from typing import Literal

from api.schemas import Output


class Health(Output):
    """The service answers; this is which one it is."""

    status: Literal["ok"] = "ok"
    environment: str
    version: str


class State(Output):
    """Yes; no is a problem document."""

    status: Literal["alive", "ready"]


class Welcome(Output):
    """Where to go from here."""

    service: str
    version: str
    links: dict[str, str]
