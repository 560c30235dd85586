"""Mangum's adapter for payload format 2.0, with the ASGI scope built once per request."""

from functools import cached_property
from typing import Any

import mangum
from mangum.handlers import HTTPGateway

from api.cold_start.patches import require_attributes

PATCHED = ("mangum.handlers.HTTPGateway.scope",)
"""The private names that this file depends on."""
require_attributes(mangum, HTTPGateway, "scope")


class CachedScopeGateway(HTTPGateway):
    """Mangum's own adapter, which builds the scope a second time only to read the version of the event from it."""

    @cached_property
    def scope(self) -> Any:
        """The request as ASGI defines it."""
        return super().scope
