"""Every resource type that the provider knows."""

from collections.abc import Mapping

from toolkit.localcloud.provider import (
    acm,
    apigateway_api,
    apigateway_domain,
    apigateway_routes,
    budgets,
    cloudfront,
    cloudtrail,
    cloudwatch,
    codedeploy,
    cognito_clients,
    cognito_pool,
    dynamodb,
    iam,
    iam_oidc,
    iam_policy,
    kms,
    lambda_alias,
    lambda_function,
    log_deliveries,
    logs,
    route53,
    s3_bucket,
    s3_settings,
    secretsmanager,
    sns,
    wafv2,
)
from toolkit.localcloud.provider.entry import Entry
from toolkit.localcloud.provider.errors import ProviderError

MODULES = (
    acm,
    apigateway_api,
    apigateway_domain,
    apigateway_routes,
    budgets,
    cloudfront,
    cloudtrail,
    cloudwatch,
    codedeploy,
    cognito_clients,
    cognito_pool,
    dynamodb,
    iam,
    iam_oidc,
    iam_policy,
    kms,
    lambda_alias,
    lambda_function,
    log_deliveries,
    logs,
    route53,
    s3_bucket,
    s3_settings,
    secretsmanager,
    sns,
    wafv2,
)
ENTRIES: Mapping[str, Entry] = {entry.type: entry for module in MODULES for entry in module.ENTRIES}


def entry_of(type: str) -> Entry:
    """The entry of a type; ProviderError where there is none."""
    if type not in ENTRIES:
        raise ProviderError("the local provider has no entry for this type; add one under toolkit/localcloud/provider")
    return ENTRIES[type]
