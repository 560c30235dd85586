"""Resources that keep what nobody can make again, and what is lost with each."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.preview.report import Change

LOST = {
    "aws:dynamodb/table:Table": "every item in the table; restoring a backup makes another table",
    "aws:s3/bucket:Bucket": "every object in the bucket, with its versions",
    "aws:kms/key:Key": "everything that the key encrypts, once its waiting period is over",
    "aws:cognito/userPool:UserPool": "every account: people must register again, and passwords cannot be exported",
    "aws:cognito/userPoolClient:UserPoolClient": "the client's id and secret: nobody signs in by it any more",
    "aws:cognito/userPoolDomain:UserPoolDomain": "the address people sign in at, until the new one answers",
    "aws:secretsmanager/secret:Secret": "the secret and its versions, once its waiting period is over",
    "aws:cloudwatch/logGroup:LogGroup": "the logs that were kept until now",
    "aws:cloudtrail/trail:Trail": "the record of what is done meanwhile",
}
"""By type, what is lost with the resource."""

REPLACING = {
    "aws:dynamodb/table:Table": {"name", "hashKey", "rangeKey", "localSecondaryIndexes"},
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
"""By type, what AWS cannot change in place; files alone do not say so, the engine does."""

_GUARDS = {
    "deletionProtectionEnabled": "true",
    "deletionProtection": "ACTIVE",
    "pointInTimeRecovery.enabled": "true",
    "enableKeyRotation": "true",
    "versioningConfiguration.status": "Enabled",
    "protect": "true",
    "forceDestroy": "false",
}
_ABSENT = "false"
_KEYS = ("kmsKeyId", "kmsKeyArn", "kmsMasterKeyId")


@dataclass(frozen=True)
class Danger:
    """A change that can lose data, and what."""

    urn: str
    name: str
    what: str
    """`replaced`, `deleted`, `left without protection` or `encrypted with another key`."""
    because: tuple[str, ...]
    lost: str


def dangers(changes: tuple[Change, ...]) -> Iterator[Danger]:
    """Replaced or deleted resources that keep something, and protection or encryption that moves."""
    for change in changes:
        lost = LOST.get(change.type)
        if lost and change.operation in ("replace", "delete"):
            what = "replaced" if change.operation == "replace" else "deleted"
            yield Danger(change.urn, change.name, what, change.replaces_because, lost)
        elif change.operation == "update":
            yield from _weakened(change)


def _weakened(change: Change) -> Iterator[Danger]:
    off = tuple(
        each.path
        for each in change.properties
        if (safe := _GUARDS.get(each.path)) and (each.before or _ABSENT) == safe != (each.after or _ABSENT)
    )
    if off:
        kept = LOST.get(change.type, "what the resource keeps")
        yield Danger(change.urn, change.name, "left without protection", off, f"once something goes wrong: {kept}")
    moved = tuple(each.path for each in change.properties if each.path.rpartition(".")[2] in _KEYS and each.before)
    if moved:
        yield Danger(
            change.urn, change.name, "encrypted with another key", moved, "what was written before, if the old key goes"
        )
