"""The cases of every rule."""

from collections.abc import Mapping

from tests.policies.cases import (
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
from tests.policies.stack_cases import logs
from tests.support.rule_cases import ResourceCase, StackCase

RESOURCE_CASES: Mapping[str, ResourceCase] = {
    **lambda_function.CASES,
    **lambda_access.CASES,
    **lambda_cost.CASES,
    **apigateway_stage.CASES,
    **apigateway_access.CASES,
    **dynamodb.CASES,
    **cognito_pool.CASES,
    **cognito_client.CASES,
    **s3.CASES,
    **iam_policy.CASES,
    **iam_role.CASES,
    **iam_oidc.CASES,
}
STACK_CASES: Mapping[str, StackCase] = {**logs.CASES}
