"""The smoke checks and the probes of the service."""

from collections.abc import Sequence

from toolkit.pipeline.rehearsal.probes import Probe, Probes
from toolkit.pipeline.smoke.session import Check, Session


class ReadingChecks:
    """The checks of health and version."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def checks(self) -> Sequence[Check]:
        """Return the checks."""
        return [("health", self._session.health), ("version", self._session.version)]

    def clean_up(self) -> str:
        """Return what was deleted: nothing was created."""
        return "nothing was created"


PROBES = Probes(probes=(Probe("health", "GET", "/health"),), throttled="/health", beside_throttled="/sensors/none")
