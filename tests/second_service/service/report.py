"""The scheduled function: it writes to the log that it ran."""

import json
from typing import Any


def handler(event: dict[str, Any], _context: object) -> None:
    """Write the event to the log."""
    print(json.dumps({"level": "INFO", "message": "hourly report", "event": event}))  # noqa: T201 - the function's log
