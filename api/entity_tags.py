"""Entity tags in If-Match and If-None-Match, as RFC 9110 (sections 8.8.3, 13.1.1 and 13.1.2) defines them."""

import re

from api.errors import MalformedRequestError

# One element of the list: recipients ignore empty ones (RFC 9110, 5.6.1). Bytes above 127 arrive as one character each.
_TAG = r'(?:W/)?"[^\x00-\x20"\x7f]*"'
_ELEMENT = re.compile(rf"[ \t]*(?:({_TAG})[ \t]*)?(?:,|\Z)")
FORM = rf"^[ \t]*(?:\*[ \t]*|(?:{_TAG}[ \t]*)?(?:,[ \t]*(?:{_TAG}[ \t]*)?)*)$"
"""The format as a regular expression for the OpenAPI document."""


def entity_tags(header: str, value: str) -> list[str] | None:
    """Return the tags of a header's value as they are written, None for `*`. Raise MalformedRequestError."""
    if value.strip(" \t") == "*":
        return None
    tags, position = [], 0
    while position < len(value):
        element = _ELEMENT.match(value, position)
        if element is None:
            raise MalformedRequestError(f'{header} is not * or a list of entity tags such as "1", "2".')
        if element[1]:
            tags.append(element[1])
        position = element.end()
    return tags
