"""The resource types of the main program that a pipeline's roles manage, with the names that it gives.

The actions and ARNs of each type are in its record in toolkit/resource_types. A name may hold *, {project} and {stack};
a type without names has ARNs that do not hold one.
"""

from collections.abc import Mapping

from toolkit.resource_types import (
    acm,
    apigatewayv2,
    budgets,
    cloudfront,
    cloudwatch,
    codedeploy,
    cognito,
    dynamodb,
    iam,
    kms,
    lambda_,
    route53,
    s3,
    scheduler,
    secretsmanager,
    sns,
    sqs,
    ssm,
    wafv2,
)
from toolkit.resource_types.lookup import resource_type
from toolkit.resource_types.permissions import Permissions

_ANY = ()
_OWN = ("{project}-{stack}-*",)
"""The names that `pulumi:autonaming` in Pulumi.yaml makes, whatever the program adds."""
_NAMES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "data": {
        dynamodb.TABLE: _OWN,
        kms.KEY_ALIAS: _OWN,
        kms.KEY: _ANY,
        s3.BUCKET: _OWN,
        s3.BUCKET_CORS: _OWN,
        s3.BUCKET_LIFECYCLE: _OWN,
        s3.BUCKET_OWNERSHIP: _OWN,
        s3.BUCKET_POLICY: _OWN,
        s3.BUCKET_PUBLIC_BLOCK: _OWN,
        s3.BUCKET_ENCRYPTION: _OWN,
        s3.BUCKET_VERSIONING: _OWN,
        secretsmanager.SECRET: _OWN,
        secretsmanager.SECRET_VERSION: _OWN,
    },
    "events": {
        lambda_.EVENT_INVOKE_CONFIG: _OWN,
        lambda_.EVENT_SOURCE_MAPPING: _ANY,
        s3.BUCKET_NOTIFICATION: _OWN,
        scheduler.SCHEDULE: _OWN,
        sqs.QUEUE: _OWN,
        sqs.QUEUE_POLICY: _OWN,
        ssm.PARAMETER: ("{project}/{stack}/*",),
    },
    "front": {
        acm.CERTIFICATE: _ANY,
        acm.CERTIFICATE_VALIDATION: _ANY,
        apigatewayv2.API: _ANY,
        apigatewayv2.API_MAPPING: _ANY,
        apigatewayv2.AUTHORIZER: _ANY,
        apigatewayv2.DOMAIN_NAME: _ANY,
        apigatewayv2.INTEGRATION: _ANY,
        apigatewayv2.ROUTE: _ANY,
        apigatewayv2.STAGE: _ANY,
        cloudfront.DISTRIBUTION: _ANY,
        cloudfront.RESPONSE_HEADERS_POLICY: _ANY,
        cognito.RESOURCE_SERVER: _ANY,
        cognito.USER_GROUP: _ANY,
        cognito.USER_POOL: _ANY,
        cognito.USER_POOL_CLIENT: _ANY,
        cognito.USER_POOL_DOMAIN: _ANY,
        route53.RECORD: _ANY,
        wafv2.WEB_ACL: _ANY,
        wafv2.WEB_ACL_LOGGING: _ANY,
    },
    "running": {
        budgets.BUDGET: _OWN,
        cloudwatch.DASHBOARD: ("{project}-{stack}",),
        cloudwatch.LOG_DELIVERY: _OWN,
        cloudwatch.LOG_DELIVERY_DESTINATION: _OWN,
        cloudwatch.LOG_DELIVERY_SOURCE: _OWN,
        cloudwatch.LOG_GROUP: (
            "/{project}/{stack}/*",
            "/aws/vendedlogs/{project}/{stack}/*",
            "aws-waf-logs-{project}-{stack}-edge",
            "aws-waf-logs-{project}-{stack}-edge:*",
        ),
        cloudwatch.METRIC_ALARM: _OWN,
        codedeploy.APPLICATION: _OWN,
        codedeploy.DEPLOYMENT_GROUP: _OWN,
        iam.ROLE: _OWN,
        iam.ROLE_POLICY: _OWN,
        lambda_.ALIAS: _OWN,
        lambda_.FUNCTION: _OWN,
        lambda_.PERMISSION: _OWN,
        lambda_.PROVISIONED_CONCURRENCY: _OWN,
        sns.TOPIC: _OWN,
        sns.TOPIC_POLICY: _OWN,
        sns.TOPIC_SUBSCRIPTION: _OWN,
    },
}
"""Names by type, in parts that are small enough for one managed policy each."""


def _permissions(token: str, names: tuple[str, ...]) -> Permissions:
    permissions = resource_type(token).permissions
    if permissions is None:
        raise ValueError(f"{token} has no permissions; add them to its record in toolkit/resource_types")
    return permissions.named(names)


PARTS: Mapping[str, Mapping[str, Permissions]] = {
    part: {token: _permissions(token, names) for token, names in types.items()} for part, types in _NAMES.items()
}
BY_TYPE: Mapping[str, Permissions] = {token: row for rows in PARTS.values() for token, row in rows.items()}
ROLES = BY_TYPE[iam.ROLE].on
EMPTYING = s3.EMPTYING.named(_OWN)
"""The actions that delete a bucket with its objects, which only a pull request's stack needs."""

SERVICE_LINKED_ROLES = {
    # The first custom domain name: docs.aws.amazon.com/apigateway/latest/developerguide/using-service-linked-roles.html
    "ops.apigateway.amazonaws.com": "AWSServiceRoleForAPIGateway",
}
"""The names of the service-linked roles that AWS creates for resources of the main program, by service.

Considered and left out, because the program does not use the feature:
Budgets (a billing view of another account), WAF and CloudWatch Logs (delivery to Firehose), Cognito (e-mail through
SES), Application Auto Scaling (scaling of provisioned concurrency), DynamoDB (replicas), KMS (multi-Region keys and
custom key stores), ACM (certificates of a private CA), CloudFront (Lambda@Edge, VPC origins), CloudWatch (EC2 actions),
Lambda (Lambda@Edge, capacity providers). SQS, EventBridge Scheduler and Parameter Store have none.
"""
