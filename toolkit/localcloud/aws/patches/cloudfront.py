"""Patches of moto's CloudFront: it rejects custom origin headers that CloudFront does not add."""

from collections.abc import Callable, Mapping
from typing import Any

from moto.cloudfront.exceptions import CloudFrontException
from moto.cloudfront.models import Origin

from toolkit.localcloud.aws.patches import wrap
from toolkit.policy.cloudfront import can_be_added
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.cloudfront.models:Origin.__init__",
)


def patch_cloudfront() -> None:
    """Have CreateDistribution and UpdateDistribution reject these headers."""
    wrap(Origin, "__init__", _check_headers)


def _check_headers(create: Callable[..., None], origin: Any, described: Mapping[str, Any]) -> None:
    headers = (described.get("CustomHeaders") or {}).get("Items") or ()
    for header in headers:
        name = header["HeaderName"]
        if not can_be_added(name):
            raise CloudFrontException("InvalidArgument", f"The parameter HeaderName is not allowed: {name}.")
    create(origin, described)
