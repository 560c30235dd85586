"""Which rules read which property of which resource: only they can report its change."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from policies.rules import budgets as costs
from toolkit.policy.evaluation import evaluate_resource, evaluate_stack
from toolkit.policy.rule import Rule, StackRule
from toolkit.policy.stack import Stack
from toolkit.stacks.inputs import Inputs, StackInputs

Property = tuple[str, str]
"""The URN of a resource, and the name of one of its properties."""
Findings = frozenset[tuple[str, str, str]]
"""Rule, URN and message of each violation."""


def findings(rule: Rule, graph: StackInputs, stack: Stack) -> Findings:
    """Return what the rule reports of a graph."""
    if isinstance(rule, StackRule):
        results = evaluate_stack(rule, graph, stack)
    else:
        results = tuple(evaluate_resource(rule, inputs, stack) for inputs in graph.of(*rule.types))
    return frozenset(
        (one.rule.name, one.urn, message)
        for one in results
        if one.unsatisfied
        for message in one.messages or (one.outcome.value,)
    )


def readers(
    rules: tuple[Rule, ...], graph: StackInputs, stack: Stack
) -> tuple[Mapping[Rule, Findings], Mapping[Property, frozenset[Rule]]]:
    """Return what each rule reports, and which rules read each property to find that out."""
    reported: dict[Rule, Findings] = {}
    read: defaultdict[Property, set[Rule]] = defaultdict(set)
    for rule in rules:
        seen: set[Property] = set()
        costs._priced.cache_clear()  # noqa: SLF001 - a cached sum would hide what the rule reads
        with _reads_recorded(seen):
            reported[rule] = findings(rule, graph, stack)
        for each in seen:
            read[each].add(rule)
    return reported, {key: frozenset(found) for key, found in read.items()}


@contextmanager
def _reads_recorded(seen: set[Property]) -> Iterator[None]:
    find, depends_on = Inputs._find, Inputs.depends_on  # noqa: SLF001 - every reader of a value goes through it

    def recording(inputs: Inputs, path: str) -> Any:
        seen.add((inputs.urn, (inputs.place or path).partition(".")[0].partition("[")[0]))
        return find(inputs, path)

    def recording_source(inputs: Inputs, path: str) -> tuple[str, ...]:
        seen.add((inputs.urn, path.partition(".")[0]))
        return depends_on(inputs, path)

    with patch.object(Inputs, "_find", recording), patch.object(Inputs, "depends_on", recording_source):
        yield
