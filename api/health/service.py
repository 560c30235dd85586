"""Whether the service can do its work."""

from dataclasses import dataclass
from typing import Protocol

from api.errors import UnavailableError


class Probe(Protocol):
    """Something the service cannot work without."""

    def answers(self) -> bool:
        """Whether it could be read just now."""


@dataclass(frozen=True)
class HealthService:
    """Asks what the service depends on."""

    table: Probe

    def require_ready(self) -> None:
        """Raise UnavailableError unless the item table can be read."""
        if not self.table.answers():
            raise UnavailableError("The item table cannot be read right now.", headers={"Retry-After": "5"})
