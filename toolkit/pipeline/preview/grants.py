"""A permission as a reviewer reads it."""

from dataclasses import dataclass
from typing import Literal

Sign = Literal["gains", "loses"]
BOUNDED = "more than its permissions boundary allows"
"""The action of the prohibition that a permissions boundary is."""


@dataclass(frozen=True, order=True)
class Grant:
    """One action on one resource that a role or another principal has, or is denied, or by which a role is assumed."""

    role: str
    effect: str
    """`may`, `may not`, or `is assumed by`."""
    action: str
    resource: str
    condition: str = ""


@dataclass(frozen=True, order=True)
class GrantMove:
    """A grant that a change gives or takes; a prohibition that goes is a gain."""

    sign: Sign
    grant: Grant
