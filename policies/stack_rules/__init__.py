"""The rules on what must hold between the resources of a stack."""

from policies.rule import StackRule
from policies.stack_rules import logs

STACK_RULES: tuple[StackRule, ...] = (*logs.RULES,)
