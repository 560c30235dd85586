"""Which addresses of web pages a stack may trust."""

from urllib.parse import urlsplit

from policies.bounds import bounds_of
from toolkit.policy.stack import Stack

_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


def page_is_allowed(address: str, stack: Stack) -> bool:
    """Whether a page was loaded over TLS, or from the developer's own machine where the environment takes such."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    own = bounds_of(stack).pages_on_this_machine and parts.hostname in _THIS_MACHINE
    return parts.scheme == "https" or (own and parts.scheme == "http")
