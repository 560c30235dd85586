"""The current time in UTC, and UUIDs that sort by time."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the current time to the millisecond, as the API returns it."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def uuid7(now: datetime) -> str:
    """Return a UUID version 7 (RFC 9562): 48 bits of milliseconds, 74 random bits; it sorts by time."""
    milliseconds = int(now.timestamp() * 1000)
    random = int.from_bytes(os.urandom(10)) & ((1 << 74) - 1)
    value = milliseconds << 80 | 0x7 << 76 | (random >> 62) << 64 | 0b10 << 62 | random & ((1 << 62) - 1)
    return str(UUID(int=value))
