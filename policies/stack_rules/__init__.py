"""The rules on what must hold between the resources of a stack."""

from policies.rule import StackRule
from policies.stack_rules import (
    api,
    api_targets,
    bucket_contents,
    buckets,
    canary,
    capacity,
    certificates,
    costs,
    distribution_logs,
    edge,
    functions,
    identity,
    keys,
    logs,
    names,
    observability,
    provider,
    sign_in,
    spending,
    tables,
)

_MODULES = (
    *(
        api,
        api_targets,
        bucket_contents,
        buckets,
        canary,
        capacity,
        certificates,
        costs,
        distribution_logs,
        edge,
        functions,
        identity,
        keys,
        logs,
        names,
        observability,
        provider,
        sign_in,
        spending,
        tables,
    ),
)
STACK_RULES: tuple[StackRule, ...] = tuple(rule for module in _MODULES for rule in module.RULES)
