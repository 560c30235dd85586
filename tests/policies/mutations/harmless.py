"""Changed values that no rule reports: those that harm nothing, and those that something else than a rule holds."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from tests.policies.mutations.every_property import Mutant

HARMLESS: Mapping[str, tuple[str, ...]] = {
    "a name, a description or a tag: access, data and cost do not depend on it": (
        "* *.description *",
        "* *.comment *",
        "* *.alarmDescription *",
        "* *.scopeDescription *",
        "* *[].label *",
        "* *rules[].id *",
        "* */ResourceServer.name *",
        "* */UserGroup.name *",
        "* */Authorizer.name *",
        "* */Stage.name *",
        "* */Dashboard.dashboardName *",
        "* */LogDelivery*.name *",
        "* */Trail.name *",
        "* iam/*.name *",
        "* kms/Alias.name *",
        "* s3/Bucket.bucket *",
        "* */LogGroup.name *",
        "value dynamodb/Table.globalSecondaryIndexes*.name *",
        "* */UserPoolDomain.domain *",
        "* *.targetPrefix *",
        "* *.metricName *other*",
        "* wafv2/*rules[].name *",
        "* *.sampledRequestsEnabled *",
    ),
    "AWS or the provider rejects the resource": (
        "absence acm/*",
        "absence */Authorizer.authorizerType *",
        "absence */Api.protocolType *",
        "absence */DomainName.* *",
        "absence */Integration.integration* *",
        "absence cloudfront/Distribution.* *",
        "absence codedeploy/*.deploymentStyle* *",
        "* codedeploy/*.serviceRoleArn *",
        "absence */LogDelivery* *",
        "absence */Trail.cloudWatchLogsRoleArn *",
        "absence */MetricAlarm.* *",
        "absence cognito/*.userPoolId *",
        "absence cognito/*.generateSecret *",
        "absence cognito/*.recoveryMechanisms* *",
        "absence dynamodb/Table.attributes* *",
        "absence dynamodb/Table.globalSecondaryIndexes* *",
        "absence dynamodb/Table.hashKey *",
        "absence iam/*",
        "absence lambda/Function.code *",
        "absence lambda/Permission.* *",
        "absence route53/*",
        "absence s3/BucketCors* *",
        "absence s3/BucketLifecycle* *",
        "absence s3/BucketLogging.bucket *",
        "absence s3/*Encryption* *",
        "absence secretsmanager/SecretVersion.* *",
        "absence sns/*",
        "absence wafv2/*",
        "absence budgets/*",
        "* */CertificateValidation.* *",
        "account */Trail.* *",
        "resource */Trail.* *",
        "value */Authorizer.authorizerType *",
        "value */Distribution.*Port *",
        "value */Distribution.*originReadTimeout * a thousand *",
        "value */Integration.timeoutMilliseconds a thousand *",
        "value *[] *with *",
        "value cognito/*Validity *",
        "value cognito/*ValidityDays *",
        "value cognito/*priority *",
        "value cognito/*minimumLength a thousand *",
        "value iam/Role.maxSessionDuration *",
        "value kms/Key.deletionWindowInDays a thousand *",
        "value lambda/Function.memorySize *",
        "* */DomainName.*certificateArn *",
        "value cognito/UserPoolClient.allowedOauthScopes* *",
        "value lambda/Alias.functionVersion *",
        "value secretsmanager/*recoveryWindowInDays a thousand *",
        "value wafv2/*evaluationWindowSec *",
        "value wafv2/*priority *",
        "value route53/*.ttl *",
        "value cloudwatch/LogDelivery* *",
    ),
    "AWS's default is the same, or stricter": (
        "absence */Api.corsConfiguration* *",
        "value */Api.corsConfiguration* *",
        "absence */Api.disableExecuteApiEndpoint *",
        "absence */Route.authorizationType *",
        "absence */Authorizer.jwtConfiguration.audiences* *",
        "absence */Integration.timeoutMilliseconds *",
        "absence */ResponseHeadersPolicy.* *",
        "absence */Trail.includeGlobalServiceEvents *",
        "absence codedeploy/* *",
        "absence cognito/* *",
        "absence kms/* *",
        "absence lambda/Function.publish *",
        "absence s3/Bucket.forceDestroy *",
        "absence secretsmanager/* *",
        "value s3/BucketCors* *",
        "value cognito/*[] * another text",
        "value cognito/*allowedOauthFlowsUserPoolClient *",
        "value cognito/*generateSecret True",
        "value cognito/*userPoolTier *",
        "value cognito/*usernameAttributes* *",
        "value */Table.serverSideEncryption* *",
        "absence */Table.serverSideEncryption* *",
    ),
    "stricter, cheaper or kept longer than before": (
        "value */Stage.routeSettings* *",
        "value */Table.onDemandThroughput* 1",
        "value */Table.globalSecondaryIndexes*.onDemandThroughput* 1",
        "value lambda/Function.timeout 1",
        "value */MetricAlarm.threshold 1",
        "value */MetricAlarm.datapointsToAlarm *",
        "value *LifecycleConfiguration.rules* *",
        "value */ResponseHeadersPolicy.*accessControlMaxAgeSec a thousand *",
        "value wafv2/*.limit *",
        "value s3/*bucketKeyEnabled *",
        "value s3/*sseAlgorithm *",
        "value budgets/*subscriber* *",
    ),
    "the condition of the statement still admits the own account, or one repository, alone": (
        "principal *Policy.policy.Statement.Principal *",
        "principal kms/Key.policy.Statement.Principal *",
        "principal iam/Role.assumeRolePolicy.* *",
        "condition iam/Role.assumeRolePolicy.* *",
        "action iam/Role.assumeRolePolicy.* *",
        "condition s3/BucketPolicy.policy.Statement.Condition.* *",
        "condition kms/Key.policy.Statement.Condition.kms:EncryptionContext* *",
    ),
    "a key of the account that another stack may own": ("resource *.kmsKeyId *", "resource sns/Topic.kmsMasterKeyId *"),
}
"""By reason, patterns of `kind service/Type.path label`."""

HELD_ELSEWHERE: Mapping[str, tuple[str, ...]] = {
    "tests/infrastructure/bootstrap: every call of a deploy role is evaluated, also those that it must not make": (
        "condition iam/Policy.policy.* *",
        "resource iam/Policy.policy.* *",
    ),
    "the account's administrators, and one AWS service whose source is held: more actions than it needs": (
        "action kms/Key.policy.* *",
        "action sns/TopicPolicy.policy.* *",
        "action s3/BucketPolicy.policy.* *",
    ),
    "the smoke test of each deployment: the service answers with its own data": (
        "* lambda/Function.environment* *",
        "* lambda/Function.handler *",
        "* lambda/Function.publish *",
        "absence lambda/Function.loggingConfig* *",
        "* lambda/Permission.* *",
        "* cloudfront/Distribution.* *",
        "* route53/* *",
        "* secretsmanager/SecretVersion.* *",
        "* cognito/UserGroup.userPoolId *",
        "* cognito/UserPoolDomain.userPoolId *",
        "value iam/RolePolicy.role *",
        "value iam/RolePolicyAttachment.role *",
        "value iam/OpenIdConnectProvider.url *",
        "value */Api.disableExecuteApiEndpoint True",
        "value */Authorizer.identitySources* *",
    ),
    "nothing: a message that all is well again, or an alarm's finer points": (
        "* */MetricAlarm.okActions* *",
        "value */MetricAlarm.treatMissingData *",
        "value */MetricAlarm.metricQueries* *",
        "value */MetricAlarm.extendedStatistic *",
        "value */MetricAlarm.threshold *",
        "* */Dashboard.* *",
        "* sns/TopicSubscription.* *",
        "* wafv2/* *",
        "* */LogDelivery* *",
        "* s3/BucketLogging.* *",
        "* s3/*.bucket *",
        "* s3/*kmsMasterKeyId *",
        "* cognito/UserPoolClient.callbackUrls* *",
        "* cognito/UserPoolClient.logoutUrls* *",
        "value */ResponseHeadersPolicy.* *",
    ),
}
"""By what holds them, patterns of changes that a rule could report and none does."""


def described(mutant: Mutant) -> str:
    """Return what the patterns are compared with."""
    module, _, kind = mutant.type.rpartition(":")
    service = module.removeprefix("aws:").partition("/")[0]
    return f"{mutant.changed.kind} {service}/{kind}.{mutant.changed.path} {mutant.changed.label}"


def is_harmless(mutant: Mutant) -> bool:
    """Return whether the change harms nothing."""
    return any(_fits(pattern, described(mutant)) for patterns in HARMLESS.values() for pattern in patterns)


def is_held_elsewhere(mutant: Mutant) -> bool:
    """Return whether something else than a rule holds the value."""
    return any(_fits(pattern, described(mutant)) for patterns in HELD_ELSEWHERE.values() for pattern in patterns)


def unused(survivors: Iterable[Mutant]) -> list[str]:
    """Return the patterns that no surviving mutant needs."""
    texts = [described(mutant) for mutant in survivors]
    tables = (*HARMLESS.values(), *HELD_ELSEWHERE.values())
    every = [pattern for patterns in tables for pattern in patterns]
    return [pattern for pattern in every if not any(_fits(pattern, text) for text in texts)]


def _fits(pattern: str, text: str) -> bool:
    # A path has brackets, which are no set of characters here.
    return fnmatchcase(text, pattern.replace("[", "[[]"))
