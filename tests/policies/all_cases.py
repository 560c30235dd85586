"""The cases of every rule."""

from collections.abc import Mapping

from tests.policies.cases import iam_oidc, iam_policy, iam_role, lambda_function, s3
from tests.policies.stack_cases import logs
from tests.support.rule_cases import ResourceCase, StackCase

RESOURCE_CASES: Mapping[str, ResourceCase] = {
    **lambda_function.CASES,
    **s3.CASES,
    **iam_policy.CASES,
    **iam_role.CASES,
    **iam_oidc.CASES,
}
STACK_CASES: Mapping[str, StackCase] = {**logs.CASES}
