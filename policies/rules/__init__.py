"""The rules: on single resources by AWS service, and on the stack as a whole."""

from policies.rule import ResourceRule
from policies.rules import (
    acm,
    alarm_metrics,
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

_MODULES = (
    *(apigateway_access, apigateway_stage, cognito_client, cognito_pool, dynamodb, lambda_access, lambda_cost),
    *(
        acm,
        alarm_metrics,
        budgets,
        cloudfront,
        cloudtrail,
        cloudwatch,
        codedeploy,
        ec2,
        every_resource,
        iam_oidc,
        iam_policy,
    ),
    *(iam_role, kms, lambda_function, messaging, s3, secrets_manager, wafv2),
)
RESOURCE_RULES: tuple[ResourceRule, ...] = tuple(rule for module in _MODULES for rule in module.RULES)
