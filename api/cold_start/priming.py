"""One request at the start opens the connections and fills the caches, so that the first caller does not wait."""

import os
from typing import Any
from uuid import UUID

from api.definition import CALLER, COLLECTIONS, READ
from api.telemetry import Handler, logger


def prime(handler: Handler) -> None:
    """Read a record that does not exist, as a machine client that does not exist.

    It costs a count in the session table. A failure is logged.
    """
    name = f"priming-{os.urandom(2).hex()}"  # a shared name would reach the rate limit if many functions start
    claims = {"token_use": "access", "sub": name, "client_id": name, "scope": READ, "iat": "0"}
    path = f"{COLLECTIONS[0].path}/{UUID(int=0)}" if COLLECTIONS else CALLER
    context: dict[str, Any] = {
        "http": {"method": "GET", "path": path, "sourceIp": "127.0.0.1"},
        "authorizer": {"jwt": {"claims": claims}},
        "requestId": "priming",
    }
    try:
        handler({"version": "2.0", "requestContext": context, "headers": {}}, None)
    except Exception:
        logger.warning("The priming request failed", exc_info=True)
