"""Cursors of paged lists: opaque, and valid for one owner and one query."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from functools import cached_property
from hashlib import sha256

from api.errors import MalformedRequestError

_MAC_BYTES = 16


class Cursors:
    """Signs and verifies cursors; the key is fetched with the first cursor."""

    def __init__(self, fetch_key: Callable[[], bytes]) -> None:
        self.fetch_key = fetch_key

    @cached_property
    def _key(self) -> bytes:
        return self.fetch_key()

    def make(self, owner: str, query: str, last: str) -> str:
        """Return a cursor that continues the owner's query after the last name of a page."""
        return urlsafe_b64encode(self._mac(owner, query, last) + last.encode()).decode().rstrip("=")

    def read(self, owner: str, query: str, cursor: str) -> str:
        """Return the name to continue after. Raise MalformedRequestError for an invalid cursor."""
        try:
            last = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))[_MAC_BYTES:].decode()
        except ValueError:  # also UnicodeError and binascii.Error
            last = ""
        if not hmac.compare_digest(cursor.encode(), self.make(owner, query, last).encode()):
            raise MalformedRequestError("The cursor is not valid for this list. Start again without one.")
        return last

    def _mac(self, owner: str, query: str, last: str) -> bytes:
        return hmac.digest(self._key, "\0".join((owner, query, last)).encode(), sha256)[:_MAC_BYTES]
