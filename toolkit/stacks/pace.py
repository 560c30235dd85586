"""Tells whether an evaluation still gets anywhere."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Pace:
    """Counts the time since the program last asked for something; the provider's own work is no idleness."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = time.monotonic()
        self._working = 0

    def step(self) -> None:
        """Note that the program asked for something."""
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
        """How long nothing happened."""
        return 0.0 if self._working else time.monotonic() - self._last
