"""The rules on what must hold between the resources of a stack."""

from policies.rule import StackRule
from policies.stack_rules import (
    alarms,
    api,
    buckets,
    canary,
    capacity,
    costs,
    distribution_logs,
    functions,
    identity,
    keys,
    logs,
    names,
    observability,
    plain_credentials,
    provider,
    queues,
    spending,
    topics,
)

_MODULES = (
    *(
        alarms,
        api,
        buckets,
        canary,
        capacity,
        costs,
        distribution_logs,
        functions,
        identity,
        keys,
        logs,
        names,
        observability,
        plain_credentials,
        provider,
        queues,
        spending,
        topics,
    ),
)
STACK_RULES: tuple[StackRule, ...] = tuple(rule for module in _MODULES for rule in module.RULES)
