"""Rules on where the resources of a stack are made: which region, which account."""

from policies.facts import Broken, Facts, GraphFacts, every
from policies.provider import provider_accounts, provider_region
from policies.rule import BLOCKS, Severity, StackRule
from policies.stack import Stack


def _one_of_each_provider(graph: GraphFacts) -> tuple[Facts, ...]:
    """One resource stands for all that have its provider."""
    return tuple({repr(sorted(facts.provider.items())): facts for facts in reversed(graph.resources)}.values())


def _provider_in_region(graph: GraphFacts, stack: Stack) -> bool | Broken:
    return every(_one_of_each_provider(graph), lambda each: provider_region(each) in stack.bounds.regions)


def _resources_in_region(graph: GraphFacts, stack: Stack) -> bool | Broken:
    return every(graph.resources, lambda each: not each.has("region") or each.text("region") in stack.bounds.regions)


provider_region_allowed = StackRule(
    name="provider-region",
    says="Everything is made in the regions of this project.",
    severity=Severity.HIGH,
    levels=BLOCKS,
    checks={
        "the provider's region is absent or none of this project's; set aws:region": _provider_in_region,
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
