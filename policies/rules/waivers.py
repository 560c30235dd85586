"""The rule on waivers."""

from collections.abc import Callable, Iterable

from toolkit.policy.evaluation import Outcome, judge_resource, judge_stack
from toolkit.policy.rule import BLOCKS, Level, Rule, Severity, StackCheck, StackRule
from toolkit.policy.stack import Stack
from toolkit.policy.waivers import LONGEST, Waiver
from toolkit.stacks import Resource
from toolkit.stacks.facts import Broken, Facts, GraphFacts

NAME = "waiver-valid"


def waiver_rule(rules: Iterable[Rule]) -> StackRule:
    """The rule that every exception is for one of these rules, is needed, and ends soon."""
    known = {rule.name: rule for rule in rules}

    def is_needed(waiver: Waiver, graph: GraphFacts, stack: Stack) -> bool:
        rule = known.get(waiver.rule)
        return rule is None or not _exists(waiver, graph, stack) or _breaks(rule, waiver, graph, stack)

    return StackRule(
        name=NAME,
        says="Every exception is for a rule and a resource that are there, is needed, and ends within 90 days.",
        severity=Severity.HIGH,
        levels=BLOCKS,
        checks={
            "a waiver names a rule that this pack does not have; docs/policies.md lists them": _all(
                lambda waiver, _graph, _stack: waiver.rule in known
            ),
            "a waiver is for a resource that this stack lacks; take it out of policies/waivers.yaml": _all(_exists),
            "a waiver is not needed, as the rule holds; take it out of policies/waivers.yaml": _all(is_needed),
            "a waiver has expired; mend the resource, or have the waiver reviewed again": _all(
                lambda waiver, _graph, stack: waiver.expires >= stack.today
            ),
            f"a waiver lasts too long; it may end at most {LONGEST.days} days ahead": _all(
                lambda waiver, _graph, stack: waiver.expires <= stack.today + LONGEST
            ),
        },
    )


def _all(holds: Callable[[Waiver, GraphFacts, Stack], bool]) -> StackCheck:
    def check(graph: GraphFacts, stack: Stack) -> bool | Broken:
        mine = [waiver for waiver in stack.waivers if waiver.stack == stack.name]
        return Broken(_as_facts(one) for one in mine if not holds(one, graph, stack)) or True

    return check


def _exists(waiver: Waiver, graph: GraphFacts, _stack: Stack) -> bool:
    return any(facts.urn == waiver.urn for facts in graph.resources)


def _breaks(rule: Rule, waiver: Waiver, graph: GraphFacts, stack: Stack) -> bool:
    if rule.levels[stack.environment] is Level.DISABLED:
        return False
    if isinstance(rule, StackRule):
        results = judge_stack(rule, graph, stack)
    else:
        results = tuple(judge_resource(rule, facts, stack) for facts in graph.of(*rule.types))
    return any(one.urn == waiver.urn and one.outcome is not Outcome.PASS for one in results)


def _as_facts(waiver: Waiver) -> Facts:
    resource = Resource(waiver.urn, "", "", custom=True, id="", parent=None, inputs={}, outputs={})
    return Facts(resource, {}, place=f"policies/waivers.yaml, {waiver.rule}")
