"""Payload format 2.0 for Mangum, with the ASGI scope built once per request."""

from functools import cached_property
from typing import Any

from mangum.handlers import HTTPGateway


class HttpApi(HTTPGateway):
    """Mangum's own adapter, except that it builds the scope a second time only to read the event's version from it."""

    @cached_property
    def scope(self) -> Any:
        """The request as ASGI sees it."""
        return super().scope
