"""The shape of a rule: what it is called, where it counts, and what must hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from toolkit.policy.controls import Control, controls
from toolkit.policy.stack import Stack
from toolkit.stacks.environments import Environment
from toolkit.stacks.facts import Broken, Facts, GraphFacts


class Severity(Enum):
    """How bad it is when a rule is broken."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Level(Enum):
    """What happens when a rule is broken."""

    DISABLED = "disabled"
    ADVISORY = "advisory"
    MANDATORY = "mandatory"
    REMEDIATE = "remediate"
    """Mended before the resource is made, where the property is absent; blocked where it is wrong."""


class Levels:
    """The level in each environment: the small ones share one, those that keep data another."""

    def __init__(self, small: Level, kept: Level, **others: Level) -> None:
        shared = {"local": small, "dev": small, "review": small, "staging": kept, "prod": kept}
        self._by_environment = {**shared, **others}

    def __getitem__(self, environment: Environment) -> Level:
        return self._by_environment[environment]


BLOCKS = Levels(Level.MANDATORY, Level.MANDATORY)
WARNS_THEN_BLOCKS = Levels(Level.ADVISORY, Level.MANDATORY)
WARNS = Levels(Level.ADVISORY, Level.ADVISORY)
BLOCKS_WHERE_KEPT = Levels(Level.DISABLED, Level.MANDATORY)
WARNS_WHERE_KEPT = Levels(Level.DISABLED, Level.ADVISORY)
MENDS_THEN_BLOCKS = Levels(Level.REMEDIATE, Level.MANDATORY)

ResourceCheck = Callable[[Facts, Stack], bool | Broken]
StackCheck = Callable[[GraphFacts, Stack], bool | Broken]


@dataclass(frozen=True, kw_only=True)
class _Rule:
    name: str
    says: str
    """The rule in one sentence, as a reader of a report needs it."""
    severity: Severity
    levels: Levels
    controls: tuple[Control, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ResourceRule(_Rule):
    """What must hold for each resource of some types."""

    types: tuple[str, ...]
    checks: Mapping[str, ResourceCheck] = field(hash=False)
    """What must hold, by what is said where it does not: the fact and the fix. Each check stands alone."""
    remedy: Callable[[Stack], Mapping[str, Any]] | None = field(default=None, hash=False)
    """Properties that are written where they are absent, in environments that mend."""


@dataclass(frozen=True, kw_only=True)
class StackRule(_Rule):
    """What must hold between the resources of a stack; the resources that break it are named."""

    checks: Mapping[str, StackCheck] = field(hash=False)


Rule = ResourceRule | StackRule

__all__ = ["Level", "Levels", "ResourceRule", "Rule", "Severity", "StackRule", "controls"]
