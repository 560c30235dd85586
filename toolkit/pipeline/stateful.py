"""What AWS cannot change in place, which files alone do not say, and what is lost with a resource that goes."""

from collections.abc import Iterable, Iterator

from toolkit.engine.events import Change
from toolkit.pipeline.deploy.data_loss import GOING, DataLoss, data_losses_in, facts_of

_RESTORED = ("restoreDateTime", "restoreSourceName", "restoreSourceTableArn", "restoreToLatestTime")
REPLACING = {
    "aws:dynamodb/table:Table": {"name", "hashKey", "rangeKey", "localSecondaryIndexes", "importTable", *_RESTORED},
    "aws:s3/bucket:Bucket": {"bucket", "bucketPrefix", "objectLockEnabled"},
    "aws:kms/key:Key": {"keyUsage", "customerMasterKeySpec", "multiRegion", "customKeyStoreId"},
    "aws:kms/alias:Alias": {"name", "namePrefix"},
    "aws:cognito/userPool:UserPool": {"name", "aliasAttributes", "usernameAttributes", "usernameConfiguration"},
    "aws:cognito/userPoolClient:UserPoolClient": {"userPoolId", "generateSecret"},
    "aws:cognito/userPoolDomain:UserPoolDomain": {"domain", "userPoolId"},
    "aws:cognito/resourceServer:ResourceServer": {"identifier", "userPoolId"},
    "aws:cognito/userGroup:UserGroup": {"name", "userPoolId"},
    "aws:secretsmanager/secret:Secret": {"name", "namePrefix"},
    "aws:cloudwatch/logGroup:LogGroup": {"name", "namePrefix", "logGroupClass"},
    "aws:cloudtrail/trail:Trail": {"name"},
    "aws:lambda/function:Function": {"name", "packageType"},
    "aws:lambda/alias:Alias": {"name", "functionName"},
    "aws:lambda/permission:Permission": {"action", "function", "principal", "qualifier", "sourceArn", "statementId"},
    "aws:iam/role:Role": {"name", "namePrefix", "path"},
    "aws:iam/policy:Policy": {"name", "namePrefix", "path", "description"},
    "aws:iam/rolePolicy:RolePolicy": {"name", "namePrefix", "role"},
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {"policyArn", "role"},
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {"url"},
    "aws:apigatewayv2/api:Api": {"protocolType"},
    "aws:apigatewayv2/stage:Stage": {"apiId", "name"},
    "aws:apigatewayv2/route:Route": {"apiId"},
    "aws:apigatewayv2/integration:Integration": {"apiId", "integrationType"},
    "aws:apigatewayv2/domainName:DomainName": {"domainName"},
    "aws:sns/topic:Topic": {"name", "namePrefix", "fifoTopic"},
    "aws:sns/topicSubscription:TopicSubscription": {"endpoint", "protocol", "topic"},
    "aws:budgets/budget:Budget": {"name", "namePrefix"},
    "aws:codedeploy/application:Application": {"computePlatform"},
    "aws:codedeploy/deploymentGroup:DeploymentGroup": {"appName"},
    "aws:cloudwatch/metricAlarm:MetricAlarm": {"name"},
    "aws:cloudwatch/dashboard:Dashboard": {"dashboardName"},
    "aws:acm/certificate:Certificate": {"domainName", "subjectAlternativeNames", "validationMethod"},
    "aws:route53/record:Record": {"name", "type", "zoneId"},
    "aws:wafv2/webAcl:WebAcl": {"name", "scope"},
}
"""By type, what AWS cannot change in place."""


def losses(steps: Iterable[Change]) -> tuple[DataLoss, ...]:
    """Everything that stops an update, and what a reviewer should know besides."""
    steps = tuple(steps)
    return (*data_losses_in(steps), *_missed(steps))


def _missed(steps: Iterable[Change]) -> Iterator[DataLoss]:
    for step in steps:
        missed = facts_of(step.type).missed
        if missed and step.operation in GOING and step.before:
            what = "is deleted" if step.operation == "delete" else "is replaced"
            yield DataLoss(step.urn, step.type, str(step.before.get("id") or ""), what, missed)
