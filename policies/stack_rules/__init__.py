"""The rules on what must hold between the resources of a stack."""

from policies.rule import StackRule
from policies.stack_rules import (
    api,
    boundaries,
    buckets,
    canary,
    capacity,
    costs,
    distribution_logs,
    functions,
    github_roles,
    identity,
    keys,
    logs,
    names,
    observability,
    provider,
    runtime_permissions,
    spending,
)

_MODULES = (
    *(
        api,
        boundaries,
        buckets,
        canary,
        capacity,
        costs,
        distribution_logs,
        functions,
        github_roles,
        identity,
        keys,
        logs,
        names,
        observability,
        provider,
        runtime_permissions,
        spending,
    ),
)
STACK_RULES: tuple[StackRule, ...] = tuple(rule for module in _MODULES for rule in module.RULES)
