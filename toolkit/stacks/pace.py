"""Measures how long an evaluation made no progress."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Pace:
    """Counts the time since the program's last request, without the provider's own work."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = time.monotonic()
        self._working = 0

    def step(self) -> None:
        """Note a request of the program."""
        self._last = time.monotonic()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Note that the provider works."""
        with self._lock:
            self._working += 1
        try:
            yield
        finally:
            with self._lock:
                self._working -= 1
            self.step()

    @property
    def idle_seconds(self) -> float:
        """Return the seconds without progress."""
        return 0.0 if self._working else time.monotonic() - self._last
