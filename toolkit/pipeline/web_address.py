"""Whether a text is an address to which requests can be sent."""

import httpx


def is_web_address(text: str) -> bool:
    """Whether it is a URL with http or https, and a host that a resolver can be asked for."""
    try:
        parsed = httpx.URL(text)
        parsed.host.encode("idna")  # as socket does: no label is empty or longer than 63 letters
    except (httpx.InvalidURL, ValueError):
        return False
    return parsed.scheme in ("http", "https") and bool(parsed.host) and (parsed.port is None or 0 < parsed.port < 2**16)
