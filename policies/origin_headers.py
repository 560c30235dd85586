"""The custom headers that CloudFront cannot add to origin requests; the embedded CloudFront refuses the same.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html, section "Custom
headers that CloudFront can't add to origin requests".
"""

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
