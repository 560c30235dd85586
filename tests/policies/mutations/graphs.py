"""The real stacks that are broken on purpose: prod, prod at a name of its own behind an edge, and its account."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from policies.pack import PACK
from tests.support.accounts import BOOTSTRAP
from tests.support.stacks import DOMAIN, ORIGIN_KEY, ROOT, configured
from toolkit.policy.evaluation import Outcome, Result, evaluate_resource, evaluate_stack
from toolkit.policy.ownership import Ownership
from toolkit.policy.pack import describe_stack
from toolkit.policy.remediation import remediate
from toolkit.policy.rule import Level, ResourceRule, Rule, StackRule
from toolkit.policy.stack import Stack
from toolkit.stacks import evaluate, load_stack_config
from toolkit.stacks.facts import Facts, GraphFacts, facts_of

Finding = tuple[str, str, str]
"""Rule, URN and message of something broken."""
STACK = replace(
    describe_stack(PACK, "prod", "items-api", load_stack_config("prod", ROOT)),
    today=date(2026, 11, 21),
    waivers=(),
    ownership=Ownership(account="333333333333"),
)
ASKED: tuple[Rule, ...] = tuple(rule for rule in PACK.rules if rule.levels["prod"] is not Level.DISABLED)
RESOURCE_RULES = tuple(rule for rule in ASKED if isinstance(rule, ResourceRule))
STACK_RULES = tuple(rule for rule in ASKED if isinstance(rule, StackRule))


@dataclass(frozen=True)
class World:
    """A stack to break, and what the rules between its resources say before."""

    name: str
    graph: GraphFacts

    def with_(self, facts: Facts) -> GraphFacts:
        """The graph with this resource in the place of the one with its URN."""
        return GraphFacts(tuple(facts if one.urn == facts.urn else one for one in self.graph.resources))


@cache
def worlds() -> tuple[World, ...]:
    """The stacks, evaluated offline."""
    behind_edge = configured("prod", domain=DOMAIN, edge={}) | {ORIGIN_KEY: "k" * 40}
    evaluated = {
        "prod": evaluate("prod", root=ROOT),
        "prod behind an edge": evaluate("prod", root=ROOT, config=behind_edge),
        "the account of prod": evaluate("prod", root=BOOTSTRAP),
    }
    return tuple(World(name, remediate(ASKED, facts_of(graph), STACK).graph) for name, graph in evaluated.items())


def said_of(facts: Facts) -> set[Finding]:
    """What the rules on single resources say of this one."""
    own = (rule for rule in RESOURCE_RULES if facts.resource.type in rule.types)
    return {finding for rule in own for finding in _findings((evaluate_resource(rule, facts, STACK),))}


def said_between(graph: GraphFacts, stack: Stack = STACK) -> set[Finding]:
    """What the rules between resources say of the whole."""
    return {finding for rule in STACK_RULES for finding in _findings(evaluate_stack(rule, graph, stack))}


def _findings(results: tuple[Result, ...]) -> set[Finding]:
    return {
        (one.rule.name, one.urn, message)
        for one in results
        if one.outcome is not Outcome.PASS
        for message in one.messages or (one.outcome.value,)
    }
