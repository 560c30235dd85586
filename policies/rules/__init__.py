"""The rules on single resources, by AWS service."""

from policies.rule import ResourceRule
from policies.rules import (
    apigateway_access,
    apigateway_stage,
    cognito_client,
    cognito_pool,
    dynamodb,
    iam_oidc,
    iam_policy,
    iam_role,
    lambda_access,
    lambda_cost,
    lambda_function,
    s3,
)

RESOURCE_RULES: tuple[ResourceRule, ...] = (
    *lambda_function.RULES,
    *lambda_access.RULES,
    *lambda_cost.RULES,
    *apigateway_stage.RULES,
    *apigateway_access.RULES,
    *dynamodb.RULES,
    *cognito_pool.RULES,
    *cognito_client.RULES,
    *s3.RULES,
    *iam_policy.RULES,
    *iam_role.RULES,
    *iam_oidc.RULES,
)
