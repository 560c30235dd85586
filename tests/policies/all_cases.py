"""The cases of every rule."""

from collections.abc import Mapping

from tests.policies.cases import (
    acm,
    apigateway_access,
    apigateway_stage,
    budgets,
    cloudfront,
    cloudtrail,
    cloudwatch,
    codedeploy,
    cognito_client,
    cognito_pool,
    dynamodb,
    ec2,
    every_resource,
    iam_oidc,
    iam_policy,
    iam_role,
    kms,
    lambda_access,
    lambda_cost,
    lambda_function,
    messaging,
    s3,
    secrets_manager,
    wafv2,
)
from tests.policies.stack_cases import (
    api,
    buckets,
    costs,
    distribution_logs,
    functions,
    identity,
    keys,
    logs,
    observability,
    provider,
    spending,
)
from tests.support.rule_cases import ResourceCase, StackCase

_RESOURCES = (
    *(apigateway_access, apigateway_stage, cognito_client, cognito_pool, dynamodb, lambda_access, lambda_cost),
    *(acm, budgets, cloudfront, cloudtrail, cloudwatch, codedeploy, ec2, every_resource, iam_oidc, iam_policy),
    *(iam_role, kms, lambda_function, messaging, s3, secrets_manager, wafv2),
)
RESOURCE_CASES: Mapping[str, ResourceCase] = {
    name: case for module in _RESOURCES for name, case in module.CASES.items()
}
_STACKS = (api, buckets, costs, distribution_logs, functions, identity, keys, logs, observability, provider, spending)
STACK_CASES: Mapping[str, StackCase] = {name: case for module in _STACKS for name, case in module.CASES.items()}
