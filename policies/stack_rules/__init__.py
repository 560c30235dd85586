"""The rules on what must hold between the resources of a stack."""

from policies.rule import StackRule
from policies.stack_rules import distribution_logs, identity, logs, provider

STACK_RULES: tuple[StackRule, ...] = (*logs.RULES, *provider.RULES, *identity.RULES, *distribution_logs.RULES)
