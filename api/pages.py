"""How much of a list one response holds, besides the limit that its caller sets."""

from collections.abc import Iterable

MOST_BYTES = 64_000
"""How large the elements of a page are at most, in bytes of UTF-8: 100 ordinary items, and 2 of the largest.

Each response is data out, so this also bounds what callers can make the service cost: docs/cost.md.
Lambda takes a response of 6 MB (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html) and counts it as its
runtime client writes it: our JSON as a string in JSON. That makes it up to three times as large: on Python 3.11 the
client escapes what is not ASCII (an emoji has four bytes and becomes twelve), later versions quotes and backslashes.
"""


def fitting(elements: Iterable[str]) -> list[str]:
    """Return the first elements, as JSON texts, that fit one response; never none, if there are any."""
    fit: list[str] = []
    room = MOST_BYTES
    for element in elements:
        room -= len(element.encode()) + 1
        if fit and room < 0:
            break
        fit.append(element)
    return fit
