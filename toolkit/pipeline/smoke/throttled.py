"""Requests to an API whose routes are throttled, also by what other callers send."""

import time
from typing import Any

import httpx

PAUSE_SECONDS = 0.5
THROTTLED_SECONDS = 30.0
"""How long AWS may answer with 429, at most."""


def send_until_admitted(client: httpx.Client, method: str, path: str, **request: Any) -> httpx.Response:
    """Return the first answer that is not 429, or the 429 after THROTTLED_SECONDS. Raises httpx.TransportError."""
    deadline = time.monotonic() + THROTTLED_SECONDS
    answer = client.request(method, path, **request)
    while answer.status_code == httpx.codes.TOO_MANY_REQUESTS and time.monotonic() < deadline:
        time.sleep(PAUSE_SECONDS)
        answer = client.request(method, path, **request)
    return answer
