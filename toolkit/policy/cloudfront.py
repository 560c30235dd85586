"""What CloudFront adds to requests for an origin, and which paths the patterns of its behaviours match."""

import hashlib
import re

from toolkit.policy.iam.wildcards import overlap

KEY_HEADER = "x-origin-key"
DIGESTS = "ORIGIN_KEY_DIGESTS"
"""The environment variable with the SHA-256 of each key that the function accepts (ADR 6)."""

_HIDDEN = "[secret]"
"""An encrypted value of an exported state, as the resource graph and `pulumi policy analyze` show it."""
_PREFIXES = ("x-amz-", "x-edge-")
_NOT_ADDED = frozenset(
    {
        *("cache-control", "connection", "content-length", "cookie", "host", "if-match", "if-modified-since"),
        *("if-none-match", "if-range", "if-unmodified-since", "max-forwards", "pragma", "proxy-authenticate"),
        *("proxy-authorization", "proxy-connection", "range", "request-range", "te", "trailer", "transfer-encoding"),
        *("upgrade", "via", "x-real-ip"),
    }
)
"""Headers that CloudFront cannot add; the embedded CloudFront rejects the same.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html, section "Custom
headers that CloudFront can't add to origin requests" (read 2026-11-30); Proxy-Authenticate is not on it, and a header
of a response only.
"""
_VARIABLE = re.compile(r"\{[^}]*\}")
_VALUE = "\0"
"""Stands in the value of a variable, which is longer than the `?` of a pattern reach: `*` alone matches it."""
_ALL_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"})


def can_be_added(name: str) -> bool:
    """Return whether CloudFront accepts a custom origin header of this name."""
    return name.lower() not in _NOT_ADDED and not name.lower().startswith(_PREFIXES)


def accepts(digests: str, key: str) -> bool:
    """Return whether one of the digests is that of the key; true where an exported state hides either."""
    if _HIDDEN in (digests, key):
        return True
    return hashlib.sha256(key.encode()).hexdigest() in {one.strip().lower() for one in digests.split(",")}


def path_of(route_key: str) -> str:
    """Return the path of a route as a pattern; each variable stands for any characters."""
    path = route_key.partition(" ")[2]
    return _VARIABLE.sub("*", path) if path else "*"


def methods_of(route_key: str) -> frozenset[str]:
    """Return the HTTP methods of the route."""
    method = route_key.partition(" ")[0]
    return _ALL_METHODS if method in {"ANY", "$default"} else frozenset({method})


def may_match(pattern: str, path: str) -> bool:
    """Return whether a request can match the behaviour's pattern and the route's path.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern
    (read 2026-11-30): `*` stands for any characters, `?` for one, and a leading slash is optional.
    """
    return overlap(_rooted(pattern), _rooted(path))


def matches_all(pattern: str, path: str) -> bool:
    """Return whether every request for the route's path matches the behaviour's pattern."""
    return overlap(_rooted(pattern), _rooted(path).replace("*", _VALUE * (len(pattern) + 1)))


def _rooted(pattern: str) -> str:
    return pattern if pattern.startswith(("/", "*")) else f"/{pattern}"
