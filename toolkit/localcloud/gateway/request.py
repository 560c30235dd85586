"""A request as the gateway received it. HTTP APIs decode its path once for routing, and again for the integration.

Ten paths sent to an HTTP API in July 2026 show this (hotsock/voker, vokerhttp/testdata/ingress-paths.json): `%2F` and
`%252F` both arrive as `/`, a decoded `?` cuts the path, `%253F` arrives as `?`, and `percent%25done` gets 400.
Routes match the path that is decoded once: for `/{example}/thing`, `/a%2Fb/thing` gets 404 and `/a%252Fb/thing` is
routed with `a/b` (Stack Overflow, "How to encode parameters for AWS API Gateway (HTTP API)?").
"""

import re
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote

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


@dataclass(frozen=True)
class IncomingRequest:
    """One HTTP request; `path` is as sent, header names are lower case and may repeat."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    source_ip: str
    server_port: int
    protocol: str
    request_id: str = field(default_factory=lambda: secrets.token_urlsafe(11) + "=")
    received_at: float = field(default_factory=time.time)

    @classmethod
    def from_scope(cls, scope: Mapping[str, Any], body: bytes) -> "IncomingRequest":
        """Read an ASGI scope."""
        client, server = scope.get("client") or ("127.0.0.1", 0), scope.get("server") or ("127.0.0.1", 80)
        return cls(
            method=scope["method"],
            path=(scope.get("raw_path") or scope["path"].encode()).decode("latin-1"),
            query=scope["query_string"].decode("latin-1"),
            headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]),
            body=body,
            source_ip=client[0],
            server_port=server[1],
            protocol=f"HTTP/{scope['http_version']}",
        )

    @cached_property
    def joined_headers(self) -> dict[str, str]:
        """The headers, with repeated ones joined by commas."""
        return _joined(self.headers)

    @cached_property
    def query_parameters(self) -> dict[str, str]:
        """The query string parameters, with repeated ones joined by commas."""
        return _joined(parse_qsl(self.query, keep_blank_values=True))

    @property
    def received(self) -> str:
        """The time of arrival in the common log format."""
        return time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(self.received_at))

    @cached_property
    def routed_path(self) -> str:
        """The path that selects the route."""
        return routed_path(self.path)

    @cached_property
    def decoded_path(self) -> str:
        """The path as API Gateway passes it on; the routed path where it cannot be decoded."""
        try:
            return decoded(self.routed_path)
        except PathError:
            return self.routed_path

    @property
    def head_bytes(self) -> int:
        """The size of the request line and the header values, which API Gateway limits."""
        line = len(self.method) + len(self.path) + len(self.query) + len(self.protocol)
        return line + sum(len(value) for _, value in self.headers)

    @property
    def host(self) -> str:
        """The Host header without its port."""
        return self.joined_headers.get("host", "").partition(":")[0]

    def header(self, name: str) -> str | None:
        """Return a header by its lower-case name."""
        return self.joined_headers.get(name)


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined
