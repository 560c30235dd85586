"""Apply the remediation of rules before they are evaluated, as the engine does."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from toolkit.policy.rule import Level, ResourceRule, Rule
from toolkit.policy.stack import Stack
from toolkit.stacks.facts import Facts, GraphFacts


@dataclass(frozen=True)
class Remediated:
    """The resources after remediation, and which rules changed which of them."""

    graph: GraphFacts
    by: frozenset[tuple[str, str]]
    """The rule's name and the resource's URN."""


def remediation_for(rule: ResourceRule, present: Collection[str], stack: Stack) -> Mapping[str, Any]:
    """Return the properties that the rule adds to a resource with these properties: only absent ones."""
    if rule.remediation is None or rule.levels[stack.environment] is not Level.REMEDIATE:
        return {}
    return {name: value for name, value in rule.remediation(stack).items() if name not in present}


def remediate(rules: Iterable[Rule], graph: GraphFacts, stack: Stack) -> Remediated:
    """Return the resources with every remediation of this environment applied."""
    by: set[tuple[str, str]] = set()
    remediating = [rule for rule in rules if isinstance(rule, ResourceRule) and rule.remediation]

    def remediated(facts: Facts) -> Facts:
        for rule in remediating:
            written = remediation_for(rule, facts.properties, stack) if facts.resource.type in rule.types else {}
            if written:
                by.add((rule.name, facts.urn))
                facts = replace(facts, properties={**facts.properties, **written})
        return facts

    return Remediated(GraphFacts(tuple(remediated(facts) for facts in graph.resources)), frozenset(by))
