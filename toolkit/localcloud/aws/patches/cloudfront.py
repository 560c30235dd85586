"""Patches of moto's CloudFront: it rejects custom origin headers that CloudFront does not add."""

from collections.abc import Mapping
from typing import Any

from moto.cloudfront.exceptions import CloudFrontException
from moto.cloudfront.models import Origin

from toolkit.policy.cloudfront import can_be_added
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.cloudfront.models:Origin.__init__",
)


def patch_cloudfront() -> None:
    """Have CreateDistribution and UpdateDistribution reject these headers."""
    origin: Any = Origin
    original = origin.__init__

    def checked(self: Any, described: Mapping[str, Any]) -> None:
        headers = (described.get("CustomHeaders") or {}).get("Items") or ()
        for header in headers:
            name = header["HeaderName"]
            if not can_be_added(name):
                raise CloudFrontException("InvalidArgument", f"The parameter HeaderName is not allowed: {name}.")
        original(self, described)

    origin.__init__ = checked
