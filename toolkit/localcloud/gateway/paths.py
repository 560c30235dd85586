"""Paths as HTTP APIs decode them: once for routing, and again for the integration.

Ten paths sent to an HTTP API in July 2026 show this (hotsock/voker, vokerhttp/testdata/ingress-paths.json): `%2F` and
`%252F` both arrive as `/`, a decoded `?` cuts the path, `%253F` arrives as `?`, and `percent%25done` gets 400.
Routes match the path that is decoded once: for `/{example}/thing`, `/a%2Fb/thing` gets 404 and `/a%252Fb/thing` is
routed with `a/b` (Stack Overflow, "How to encode parameters for AWS API Gateway (HTTP API)?").
"""

import re
from urllib.parse import unquote

_MALFORMED = re.compile(r"%(?![0-9A-Fa-f]{2})")


class PathError(Exception):
    """The path has a `%` that no two hexadecimal digits follow once it is decoded: API Gateway answers 400."""


def routed_path(raw: str) -> str:
    """Return the path that selects the route: decoded once, cut at a decoded `?`."""
    return unquote(raw).partition("?")[0]


def decoded(routed: str) -> str:
    """Decode a routed path or a segment of it once more. Raises PathError."""
    if _MALFORMED.search(routed):
        raise PathError(f"{routed!r} has a % without two hexadecimal digits")
    return unquote(routed)
