"""The rule on waivers."""

from collections.abc import Callable, Iterable

from toolkit.policy.evaluation import Outcome, evaluate_rules
from toolkit.policy.rule import Levels, Rule, Severity, StackCheck, StackRule
from toolkit.policy.stack import Stack
from toolkit.policy.waivers import MAX_DURATION, Waiver
from toolkit.stacks import Resource
from toolkit.stacks.inputs import Inputs, StackInputs, Violations

NAME = "waiver-valid"


def waiver_rule(rules: Iterable[Rule]) -> StackRule:
    """The rule that every exception is for one of these rules, is needed, and ends soon."""
    known = {rule.name: rule for rule in rules}

    def is_needed(waiver: Waiver, graph: StackInputs, stack: Stack) -> bool:
        rule = known.get(waiver.rule)
        return rule is None or not _exists(waiver, graph, stack) or _breaks(rule, waiver, graph, stack)

    return StackRule(
        name=NAME,
        description="Waivers name an existing rule and resource, are needed, and expire within 90 days",
        severity=Severity.HIGH,
        levels=Levels.BLOCKS,
        checks={
            "a waiver names a rule that this pack does not have; docs/policies.md lists them": _all(
                lambda waiver, _graph, _stack: waiver.rule in known
            ),
            "a waiver names a resource that this stack lacks; remove it from policies/waivers.yaml": _all(_exists),
            "a waiver is not needed, because the rule passes; remove it from policies/waivers.yaml": _all(is_needed),
            "a waiver has expired; correct the resource, or renew the waiver in a review": _all(
                lambda waiver, _graph, stack: waiver.expires >= stack.today
            ),
            f"a waiver lasts too long; it may end at most {MAX_DURATION.days} days ahead": _all(
                lambda waiver, _graph, stack: waiver.expires <= stack.today + MAX_DURATION
            ),
        },
    )


def _all(holds: Callable[[Waiver, StackInputs, Stack], bool]) -> StackCheck:
    def check(graph: StackInputs, stack: Stack) -> bool | Violations:
        mine = [waiver for waiver in stack.waivers if waiver.stack == stack.name]
        return Violations(_as_facts(one) for one in mine if not holds(one, graph, stack)) or True

    return check


def _exists(waiver: Waiver, graph: StackInputs, _stack: Stack) -> bool:
    return any(inputs.urn == waiver.urn for inputs in graph.resources)


def _breaks(rule: Rule, waiver: Waiver, graph: StackInputs, stack: Stack) -> bool:
    results = evaluate_rules([rule], graph, stack)
    return any(one.urn == waiver.urn and one.outcome is not Outcome.PASS for one in results)


def _as_facts(waiver: Waiver) -> Inputs:
    resource = Resource(waiver.urn, "", "", custom=True, id="", parent=None, inputs={}, outputs={})
    return Inputs(resource, {}, place=f"policies/waivers.yaml, {waiver.rule}")
