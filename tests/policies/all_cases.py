"""The cases of every rule."""

from collections.abc import Mapping

from tests.policies.cases import lambda_function, s3
from tests.policies.stack_cases import logs
from tests.support.rule_cases import ResourceCase, StackCase

RESOURCE_CASES: Mapping[str, ResourceCase] = {**lambda_function.CASES, **s3.CASES}
STACK_CASES: Mapping[str, StackCase] = {**logs.CASES}
