"""The cases of every rule."""

from collections.abc import Mapping

from tests.policies.cases import lambda_function
from tests.policies.stack_cases import api, buckets, functions, keys, logs, observability, spending
from tests.support.rule_cases import ResourceCase, StackCase

RESOURCE_CASES: Mapping[str, ResourceCase] = {**lambda_function.CASES}
STACK_CASES: Mapping[str, StackCase] = {
    **api.CASES,
    **buckets.CASES,
    **functions.CASES,
    **keys.CASES,
    **logs.CASES,
    **observability.CASES,
    **spending.CASES,
}
