"""The size of a page, besides the limit that the caller sets."""

from collections.abc import Iterable

MOST_BYTES = 64_000
"""The most bytes of UTF-8 that the elements of a page have: 100 ordinary items, or 2 of the largest.

A response is data transfer out, so this also limits the cost that callers can cause: docs/cost.md.
Lambda accepts a response of 6 MB (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html) and counts the
JSON of the service as a string in the JSON of its runtime client. That is up to three times as large: on Python 3.11
the client escapes characters that are not ASCII (four bytes of an emoji become twelve), later versions quotes and
backslashes.
"""


def fitting(elements: Iterable[str]) -> list[str]:
    """Return the first elements, as JSON texts, that fit into one response; at least one, if there are any."""
    fit: list[str] = []
    room = MOST_BYTES
    for element in elements:
        room -= len(element.encode()) + 1
        if fit and room < 0:
            break
        fit.append(element)
    return fit
