"""Rules that every type of resource has a rule, and a price or a reason why it costs nothing."""

from collections.abc import Iterable

from toolkit.cost.services import SERVICES
from toolkit.policy.rule import Levels, ResourceRule, Severity, StackRule
from toolkit.policy.stack import Stack
from toolkit.resource_types.lookup import is_free, resource_type
from toolkit.stacks.inputs import Inputs, StackInputs, Violations

NAME = "type-covered"
_GENERAL = 20

PRICED = "type-priced"
_HELPERS = ("pulumi:", "random:", "tls:", "time:", "null:", "std:", "archive:", "local:", "command:")
"""Providers whose resources are on no cloud."""


def pricing_rule(rules: Iterable[ResourceRule]) -> StackRule:
    """Return the rule that each type is priced, is known to be free, or is evaluated by one of these rules."""
    evaluated = _evaluated_types(rules)

    def is_priced(graph: StackInputs, _stack: Stack) -> bool | Violations:
        known = evaluated | set(SERVICES)
        return Violations(one for one in graph.resources if one.resource.type not in known and not _free(one)) or True

    return StackRule(
        name=PRICED,
        description="Resource types that cost money have a price or a rule",
        severity=Severity.HIGH,
        levels=Levels.WARNS_THEN_BLOCKS,
        checks={
            "the type may cost money, and the estimate does not count it; price it in toolkit/cost, or waive it "
            "with a reason and the amount": is_priced
        },
    )


def _is_known(type_: str, evaluated: set[str]) -> bool:
    return type_ in evaluated or bool(resource_type(type_).no_rule) or type_.startswith(_HELPERS)


def _free(inputs: Inputs) -> bool:
    return is_free(inputs.resource.type)


def _evaluated_types(rules: Iterable[ResourceRule]) -> set[str]:
    return {type_ for rule in rules if len(rule.types) < _GENERAL for type_ in rule.types}


def coverage_rule(rules: Iterable[ResourceRule]) -> StackRule:
    """Return the rule that one of these rules evaluates each type, or that its record has a reason why none does."""
    evaluated = _evaluated_types(rules)

    def is_covered(graph: StackInputs, _stack: Stack) -> bool | Violations:
        first: dict[str, Inputs] = {}
        for inputs in graph.resources:
            first.setdefault(inputs.resource.type, inputs)
        return Violations(one for type_, one in first.items() if not _is_known(type_, evaluated)) or True

    return StackRule(
        name=NAME,
        description="Every resource type has a rule, or a reason why it needs none",
        severity=Severity.LOW,
        levels=Levels.WARNS,
        checks={
            "no rule evaluates this type; write one, or set no_rule in its record in toolkit/resource_types": is_covered
        },
    )
