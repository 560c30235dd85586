"""Throttles: one token bucket for each route."""

import time
from collections.abc import Callable

from toolkit.localcloud.gateway.http_api import Throttle


class TokenBucket:
    """Holds at most `burst` tokens and gains `rate` a second."""

    def __init__(self, throttle: Throttle, clock: Callable[[], float] = time.monotonic) -> None:
        self._throttle = throttle
        self._clock = clock
        self._tokens = float(throttle.burst)
        self._filled_at = clock()

    def take(self) -> bool:
        """Take a token. Return False where there is none."""
        now = self._clock()
        gained = (now - self._filled_at) * self._throttle.rate
        self._tokens = min(float(self._throttle.burst), self._tokens + gained)
        self._filled_at = now
        if self._tokens < 1 or self._throttle.rate <= 0:
            return False
        self._tokens -= 1
        return True
