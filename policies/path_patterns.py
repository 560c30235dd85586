"""Path patterns of CloudFront behaviours, compared with the paths of an API's routes.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern
(read 2026-11-30): `*` stands for any characters, `?` for one, and a leading slash is optional.
"""

import re
from functools import lru_cache

_VARIABLE = re.compile(r"\{[^}]*\}")
_ANY_LENGTH = "\0"
"""Stands for the value of a variable, which `*` alone matches whatever it is."""
_ALL_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"})


def path_of(route_key: str) -> str:
    """Return the path of a route as a pattern; each variable stands for any characters."""
    path = route_key.partition(" ")[2]
    return _VARIABLE.sub("*", path) if path else "*"


def methods_of(route_key: str) -> frozenset[str]:
    """Return the methods that the route takes."""
    method = route_key.partition(" ")[0]
    return _ALL_METHODS if method in {"ANY", "$default"} else frozenset({method})


def may_match(pattern: str, path: str) -> bool:
    """Return whether a request can match the behaviour's pattern and the route's path."""
    return _meet(_rooted(pattern), _rooted(path))


def matches_all(pattern: str, path: str) -> bool:
    """Return whether every request for the route's path matches the behaviour's pattern."""
    return _meet(_rooted(pattern), _rooted(path).replace("*", _ANY_LENGTH))


def _rooted(pattern: str) -> str:
    return pattern if pattern.startswith(("/", "*")) else f"/{pattern}"


@lru_cache(maxsize=4096)
def _meet(one: str, other: str) -> bool:
    if other.startswith("*") and not one.startswith("*"):
        one, other = other, one
    if one.startswith("*"):  # which ends here, or takes one more character
        return _meet(one[1:], other) or (other != "" and _meet(one, other[1:]))
    if not one or not other:
        return one == other
    pair = one[0] + other[0]
    same = one[0] == other[0] or ("?" in pair and _ANY_LENGTH not in pair)
    return same and _meet(one[1:], other[1:])
