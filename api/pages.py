"""Pages of lists: their size, besides the limit that the caller sets, and the cursors that continue them."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from functools import cached_property
from hashlib import sha256

from api.errors import MalformedRequestError

MAX_PAGE_BYTES = 64_000
"""The most bytes of UTF-8 that the elements of a page have: 100 ordinary items, or 2 of the largest.

A response is data transfer out, so this also limits the cost that callers can cause: docs/cost.md.
Lambda accepts a response of 6 MB (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html) and counts the
JSON of the service as a string in the JSON of its runtime client. That is up to three times as large: on Python 3.11
the client escapes characters that are not ASCII (four bytes of an emoji become twelve), later versions quotes and
backslashes.
"""
_MAC_BYTES = 16


class Cursors:
    """Signs and verifies cursors, each valid for one owner and one query; the key is fetched with the first cursor."""

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


def fitting(elements: Iterable[str]) -> list[str]:
    """Return the first elements, as JSON texts, that fit into one response; at least one, if there are any."""
    fit: list[str] = []
    room = MAX_PAGE_BYTES
    for element in elements:
        room -= len(element.encode()) + 1
        if fit and room < 0:
            break
        fit.append(element)
    return fit
