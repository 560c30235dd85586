"""The model of a rule: name, severity, levels, and the checks that must pass."""

from collections.abc import Callable, Mapping
from dataclasses import InitVar, dataclass, field
from enum import Enum
from typing import Any, ClassVar

from toolkit.policy.controls import Control, controls
from toolkit.policy.stack import Stack
from toolkit.stacks.inputs import Inputs, StackInputs, Violations, every
from toolkit.stacks.settings import Environment


class Severity(Enum):
    """The severity of a violation."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Level(Enum):
    """The effect of a violation."""

    DISABLED = "disabled"
    ADVISORY = "advisory"
    MANDATORY = "mandatory"
    REMEDIATE = "remediate"
    """An absent property is added before the resource is created; a wrong one blocks."""


class Levels:
    """The level in each environment: local, dev and review share one, staging and prod another."""

    BLOCKS: ClassVar["Levels"]
    WARNS_THEN_BLOCKS: ClassVar["Levels"]
    WARNS: ClassVar["Levels"]
    BLOCKS_WHERE_KEPT: ClassVar["Levels"]
    WARNS_WHERE_KEPT: ClassVar["Levels"]
    REMEDIATES_THEN_BLOCKS: ClassVar["Levels"]
    REPORTED: ClassVar["Levels"]
    """Of a condition of a published control that only the compliance report evaluates; it never blocks."""

    def __init__(self, small: Level, kept: Level, **others: Level) -> None:
        shared = {"local": small, "dev": small, "review": small, "staging": kept, "prod": kept}
        self._by_environment = {**shared, **others}

    def __getitem__(self, environment: Environment) -> Level:
        return self._by_environment[environment]


Levels.BLOCKS = Levels(Level.MANDATORY, Level.MANDATORY)
Levels.WARNS_THEN_BLOCKS = Levels(Level.ADVISORY, Level.MANDATORY)
Levels.WARNS = Levels(Level.ADVISORY, Level.ADVISORY)
Levels.BLOCKS_WHERE_KEPT = Levels(Level.DISABLED, Level.MANDATORY)
Levels.WARNS_WHERE_KEPT = Levels(Level.DISABLED, Level.ADVISORY)
Levels.REMEDIATES_THEN_BLOCKS = Levels(Level.REMEDIATE, Level.MANDATORY)
Levels.REPORTED = Levels(Level.ADVISORY, Level.ADVISORY)

ResourceCheck = Callable[[Inputs, Stack], bool | Violations]
StackCheck = Callable[[StackInputs, Stack], bool | Violations]


def for_each(*types: str) -> Callable[[Callable[[Inputs, StackInputs, Stack], bool]], StackCheck]:
    """Return a decorator: of a condition on one resource, the check of all resources of these types."""

    def decorate(holds: Callable[[Inputs, StackInputs, Stack], bool]) -> StackCheck:
        return lambda graph, stack: every(graph.of(*types), lambda inputs: holds(inputs, graph, stack))

    return decorate


@dataclass(frozen=True, kw_only=True)
class _Rule:
    name: str
    description: str
    """The state that the rule requires, in AWS's terms."""
    severity: Severity
    levels: Levels
    controls: tuple[Control, ...] = ()
    message: InitVar[str | None] = None
    """Of a rule with one check: the fact and the fix."""
    check: InitVar[ResourceCheck | StackCheck | None] = None
    checks: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """The checks by their message. Each check is independent."""

    @property
    def enforced(self) -> bool:
        """Return whether the rule counts outside the compliance report."""
        return self.levels is not Levels.REPORTED

    def __post_init__(self, message: str | None, check: ResourceCheck | StackCheck | None) -> None:
        """Take the message and the check of a rule with one check."""
        if check is not None:
            object.__setattr__(self, "checks", {message: check})  # the class is frozen
        if not self.checks:
            raise ValueError(f"The rule {self.name} has no check; set message and check, or checks.")


@dataclass(frozen=True, kw_only=True)
class ResourceRule(_Rule):
    """A rule on each resource of some types."""

    types: tuple[str, ...]
    check: InitVar[ResourceCheck | None] = None
    checks: Mapping[str, ResourceCheck] = field(default_factory=dict, hash=False)
    remediation: Callable[[Stack], Mapping[str, Any]] | None = field(default=None, hash=False)
    """Properties that are added where they are absent, in environments with the level remediate."""
    deviates: Callable[[Inputs], bool] | None = field(default=None, hash=False)
    """Whether a resource that passes deviates from the controls; the report then requires an accepted deviation."""


@dataclass(frozen=True, kw_only=True)
class StackRule(_Rule):
    """A rule on the relations between the resources of a stack."""

    check: InitVar[StackCheck | None] = None
    checks: Mapping[str, StackCheck] = field(default_factory=dict, hash=False)


Rule = ResourceRule | StackRule

__all__ = ["Level", "Levels", "ResourceRule", "Rule", "Severity", "StackRule", "controls"]
