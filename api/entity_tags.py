"""Entity tags: the versions of resources in ETag, If-Match and If-None-Match (RFC 9110)."""

import re

from api.errors import MalformedRequestError, PreconditionRequiredError

# One element of the list: recipients ignore empty ones (RFC 9110, 5.6.1). Bytes above 127 arrive as one character each.
_TAG = r'(?:W/)?"[^\x00-\x20"\x7f]*"'
_ELEMENT = re.compile(rf"[ \t]*(?:({_TAG})[ \t]*)?(?:,|\Z)")
TAG_LIST = rf"^[ \t]*(?:\*[ \t]*|(?:{_TAG}[ \t]*)?(?:,[ \t]*(?:{_TAG}[ \t]*)?)*)$"
"""The format of a list of entity tags, as a regular expression for the OpenAPI document."""


def etag(version: int) -> str:
    """Return a version as an HTTP entity tag."""
    return f'"{version}"'


def entity_tags(header: str, value: str) -> list[str] | None:
    """Return the tags of a header's value as they are written, None for `*`. Raise MalformedRequestError.

    RFC 9110 (sections 8.8.3, 13.1.1 and 13.1.2) defines If-Match, If-None-Match and their entity tags.
    """
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


def versions_of(if_match: str | None) -> list[int] | None:
    """Return the versions that an If-Match header accepts: None for any (`*`), empty where no tag is a version.

    Raise PreconditionRequiredError without a header, and MalformedRequestError for an invalid one.
    """
    if if_match is None:
        raise PreconditionRequiredError("Send the ETag of the version that you read as If-Match.")
    tags = entity_tags("If-Match", if_match)
    if tags is None:
        return None
    return list(dict.fromkeys(version for tag in tags if (version := _version(tag)) is not None))


def matches(if_none_match: str | None, version: int) -> bool:
    """Return whether the caller has this version already. Raise MalformedRequestError for an invalid header."""
    if if_none_match is None:
        return False
    tags = entity_tags("If-None-Match", if_none_match)
    return tags is None or etag(version) in (tag.removeprefix("W/") for tag in tags)


def _version(tag: str) -> int | None:
    """Return the version in an ETag of this service; tags are compared as text, so "01" is not one."""
    number = tag[1:-1]
    return int(number) if len(tag) <= 20 and number.isdecimal() and tag == f'"{int(number)}"' else None
