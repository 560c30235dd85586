"""Checks of URLs."""

import httpx


def is_local(url: str) -> bool:
    """Return whether the URL is one of this machine."""
    return httpx.URL(url).host in {"127.0.0.1", "localhost"}


def is_web_address(text: str) -> bool:
    """Return whether the text is a URL with http or https, and a host name that can be resolved."""
    try:
        parsed = httpx.URL(text)
        parsed.host.encode("idna")  # as socket does: no label is empty or longer than 63 letters
    except (httpx.InvalidURL, ValueError):
        return False
    return parsed.scheme in ("http", "https") and bool(parsed.host) and (parsed.port is None or 0 < parsed.port < 2**16)
