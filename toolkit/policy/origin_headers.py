"""Custom headers of origin requests: the one that carries the origin key, and those that CloudFront cannot add.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html, section "Custom
headers that CloudFront can't add to origin requests" (read 2026-11-30); Proxy-Authenticate is not on it, and a header
of a response only. The embedded CloudFront rejects the same.
"""

import hashlib

KEY_HEADER = "x-origin-key"
DIGESTS = "ORIGIN_KEY_DIGESTS"
"""The environment variable with the SHA-256 of each key that the function accepts (ADR 6)."""

_HIDDEN = "[secret]"
"""An encrypted value of an exported state, as stackgraph and `pulumi policy analyze` show it."""
_PREFIXES = ("x-amz-", "x-edge-")
_NAMES = frozenset(
    {
        *("cache-control", "connection", "content-length", "cookie", "host", "if-match", "if-modified-since"),
        *("if-none-match", "if-range", "if-unmodified-since", "max-forwards", "pragma", "proxy-authenticate"),
        *("proxy-authorization", "proxy-connection", "range", "request-range", "te", "trailer", "transfer-encoding"),
        *("upgrade", "via", "x-real-ip"),
    }
)


def can_be_added(name: str) -> bool:
    """Return whether CloudFront accepts a custom origin header of this name."""
    return name.lower() not in _NAMES and not name.lower().startswith(_PREFIXES)


def accepts(digests: str, key: str) -> bool:
    """Return whether one of the digests is that of the key; true where an exported state hides either."""
    if _HIDDEN in (digests, key):
        return True
    return hashlib.sha256(key.encode()).hexdigest() in {one.strip().lower() for one in digests.split(",")}
