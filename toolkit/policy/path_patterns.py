"""Path patterns of CloudFront behaviours, compared with the paths of an API's routes.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern
(read 2026-11-30): `*` stands for any characters, `?` for one, and a leading slash is optional.
"""

import re

from toolkit.policy.iam.wildcards import overlap

_VARIABLE = re.compile(r"\{[^}]*\}")
_VALUE = "\0"
"""Stands in the value of a variable, which is longer than the `?` of a pattern reach: `*` alone matches it."""
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
    return overlap(_rooted(pattern), _rooted(path))


def matches_all(pattern: str, path: str) -> bool:
    """Return whether every request for the route's path matches the behaviour's pattern."""
    return overlap(_rooted(pattern), _rooted(path).replace("*", _VALUE * (len(pattern) + 1)))


def _rooted(pattern: str) -> str:
    return pattern if pattern.startswith(("/", "*")) else f"/{pattern}"
