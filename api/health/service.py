"""Whether the service can do its work."""

from typing import Protocol

from api.errors import UnavailableError


class Probe(Protocol):
    """Something the service cannot work without."""

    def answers(self) -> bool:
        """Whether it could be read just now."""


class HealthService:
    """Asks what the service depends on."""

    def __init__(self, tables: Probe) -> None:
        self.tables = tables

    def require_ready(self) -> None:
        """Raise UnavailableError unless the tables can be read."""
        if not self.tables.answers():
            raise UnavailableError("The service's tables cannot be read right now.", headers={"Retry-After": "5"})
