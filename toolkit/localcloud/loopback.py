"""The Host headers that a server on the loopback interface accepts."""

import re

_AUTHORITY = re.compile(r"(?P<name>[a-z0-9._-]{1,253})(?::[0-9]{1,5})?", re.IGNORECASE)
_NAMES = frozenset({"127.0.0.1", "localhost"})
"""Without `[::1]`: the servers listen on 127.0.0.1, and no host name of API Gateway or S3 is an IPv6 address."""


def is_loopback_host(authority: str, *, subdomains: bool = False) -> bool:
    """Return whether a Host header names the loopback interface.

    A page on another site reaches this machine under a name of that site (DNS rebinding), so every other name is
    rejected. `subdomains` accepts `<anything>.localhost`, which RFC 6761 (section 6.3) reserves for the loopback
    interface: S3 clients put the bucket there.
    """
    match = _AUTHORITY.fullmatch(authority)
    if match is None:
        return False
    name = match["name"].lower()
    return name in _NAMES or (subdomains and name.endswith(".localhost") and ".." not in name)
