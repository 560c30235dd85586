"""The rules on what must hold between the resources of a stack."""

from policies.rule import StackRule
from policies.stack_rules import api, buckets, functions, keys, logs, observability, spending

STACK_RULES: tuple[StackRule, ...] = (
    *api.RULES,
    *buckets.RULES,
    *functions.RULES,
    *keys.RULES,
    *logs.RULES,
    *observability.RULES,
    *spending.RULES,
)
