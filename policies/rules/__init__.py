"""The rules: on single resources by AWS service, and on the stack as a whole."""

from policies.rule import ResourceRule
from policies.rules import iam_oidc, iam_policy, iam_role, lambda_function, s3

RESOURCE_RULES: tuple[ResourceRule, ...] = (
    *lambda_function.RULES,
    *s3.RULES,
    *iam_policy.RULES,
    *iam_role.RULES,
    *iam_oidc.RULES,
)
