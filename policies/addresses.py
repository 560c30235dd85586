"""Which addresses of web pages a stack may trust."""

from urllib.parse import urlsplit

from policies.bounds import bounds_of
from toolkit.policy.stack import Stack

_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


def page_is_allowed(address: str, stack: Stack) -> bool:
    """Return whether a URL has https, or is a loopback address in an environment that allows it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    own = bounds_of(stack).pages_on_this_machine and parts.hostname in _THIS_MACHINE
    return parts.scheme == "https" or (own and parts.scheme == "http")
