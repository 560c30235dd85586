"""Rules on where the resources of a stack are made: which region, which account."""

from policies.facts import Broken, Facts, GraphFacts, every
from policies.provider import provider_accounts, provider_region
from policies.rule import BLOCKS, Severity, StackRule
from policies.stack import Stack

_OF_AWS = ("aws:", "aws-native:")
"""How the types begin whose providers work in a region of AWS."""


def _one_of_each_provider(graph: GraphFacts) -> tuple[Facts, ...]:
    """One resource stands for all of AWS that have its provider."""
    of_aws = [facts for facts in graph.resources if facts.resource.type.startswith(_OF_AWS)]
    return tuple({repr(sorted(facts.provider.items())): facts for facts in reversed(of_aws)}.values())


def _provider_has_region(graph: GraphFacts, _stack: Stack) -> bool | Broken:
    return every(_one_of_each_provider(graph), lambda each: provider_region(each) != "")


def _provider_in_region(graph: GraphFacts, stack: Stack) -> bool | Broken:
    return every(_one_of_each_provider(graph), lambda each: provider_region(each) in ("", *stack.bounds.regions))


def _resources_in_region(graph: GraphFacts, stack: Stack) -> bool | Broken:
    return every(graph.resources, lambda each: not each.has("region") or each.text("region") in stack.bounds.regions)


provider_region_allowed = StackRule(
    name="provider-region",
    says="Everything is made in the regions of this project.",
    severity=Severity.HIGH,
    levels=BLOCKS,
    checks={
        "the provider has no region; set aws:region, or the provider's own region": _provider_has_region,
        "the provider's region is none of this project's; choose one of its regions": _provider_in_region,
        "the resource's own region is none of this project's; remove it": _resources_in_region,
    },
)

provider_account_pinned = StackRule(
    name="provider-account",
    says="A stack is made in one account: credentials for another are refused.",
    severity=Severity.HIGH,
    levels=BLOCKS,
    checks={
        "the provider has not exactly one allowedAccountIds; set it to the stack's account": lambda graph, _: every(
            _one_of_each_provider(graph), lambda each: len(provider_accounts(each)) == 1
        )
    },
)

RULES = (provider_region_allowed, provider_account_pinned)
