"""A permission in the form of the dossier."""

from dataclasses import dataclass
from typing import Literal

Sign = Literal["gains", "loses"]
BOUNDED = "more than its permissions boundary allows"
"""The action of the denied grant of a permissions boundary."""


@dataclass(frozen=True, order=True)
class Grant:
    """An action on a resource that a principal has or is denied, or a principal that may assume a role."""

    role: str
    effect: str
    """`may`, `may not`, or `is assumed by`."""
    action: str
    resource: str
    condition: str = ""


@dataclass(frozen=True, order=True)
class GrantMove:
    """A grant that a change adds or removes; a removed prohibition is a gain."""

    sign: Sign
    grant: Grant
