"""The stacks to change: prod, prod at a custom domain behind CloudFront, and the bootstrap stack of its account."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from policies.pack import PACK
from tests.support.accounts import BOOTSTRAP
from tests.support.stacks import DOMAIN, ORIGIN_KEY, ROOT, configured
from toolkit.policy.evaluation import Outcome, Result, evaluate_resource, evaluate_stack, remediate
from toolkit.policy.ownership import Ownership
from toolkit.policy.pack import describe_stack
from toolkit.policy.rule import Level, ResourceRule, Rule, StackRule
from toolkit.policy.stack import Stack
from toolkit.stacks import evaluate, load_stack_config
from toolkit.stacks.inputs import Inputs, StackInputs, inputs_of

Finding = tuple[str, str, str]
"""Rule, URN and message of a violation."""
STACK = replace(
    describe_stack(PACK, "prod", "items-api", load_stack_config("prod", ROOT)),
    today=date(2026, 11, 21),
    waivers=(),
    ownership=Ownership(account="333333333333"),
)
ENABLED_RULES: tuple[Rule, ...] = tuple(rule for rule in PACK.rules if rule.levels["prod"] is not Level.DISABLED)
RESOURCE_RULES = tuple(rule for rule in ENABLED_RULES if isinstance(rule, ResourceRule))
STACK_RULES = tuple(rule for rule in ENABLED_RULES if isinstance(rule, StackRule))


@dataclass(frozen=True)
class StackGraph:
    """A stack to change."""

    name: str
    graph: StackInputs

    def with_resource(self, inputs: Inputs) -> StackInputs:
        """Return the graph with this resource in the place of the one with its URN."""
        return StackInputs(tuple(inputs if one.urn == inputs.urn else one for one in self.graph.resources))


@cache
def stack_graphs() -> tuple[StackGraph, ...]:
    """Return the stacks, evaluated offline and remediated."""
    behind_cloudfront = configured("prod", domain=DOMAIN, edge={}) | {ORIGIN_KEY: "k" * 40}
    evaluated = {
        "prod": evaluate("prod", root=ROOT),
        "prod behind CloudFront": evaluate("prod", root=ROOT, config=behind_cloudfront),
        "account of prod": evaluate("prod", root=BOOTSTRAP),
    }
    return tuple(
        StackGraph(name, remediate(ENABLED_RULES, inputs_of(graph), STACK)[0]) for name, graph in evaluated.items()
    )


def findings_of_resource(inputs: Inputs) -> set[Finding]:
    """Return the violations that the rules on single resources report of this one."""
    own = (rule for rule in RESOURCE_RULES if inputs.resource.type in rule.types)
    return {finding for rule in own for finding in _findings((evaluate_resource(rule, inputs, STACK),))}


def findings_of_stack(graph: StackInputs, stack: Stack = STACK) -> set[Finding]:
    """Return the violations that the rules on the stack report."""
    return {finding for rule in STACK_RULES for finding in _findings(evaluate_stack(rule, graph, stack))}


def _findings(results: tuple[Result, ...]) -> set[Finding]:
    return {
        (one.rule.name, one.urn, message)
        for one in results
        if one.outcome is not Outcome.PASS
        for message in one.messages or (one.outcome.value,)
    }
