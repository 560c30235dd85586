"""Rules over all services: tags, protection, encryption keys, credentials in plain text."""

from collections.abc import Iterator, Mapping

from toolkit.policy.rule import Levels, ResourceCheck, ResourceRule, Severity, StackRule
from toolkit.policy.stack import Stack
from toolkit.resource_types.cloudtrail import TRAIL
from toolkit.resource_types.cloudwatch import LOG_GROUP
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.kms import KEY
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.resource_types.s3 import BUCKET, BUCKET_ENCRYPTION
from toolkit.resource_types.secretsmanager import SECRET
from toolkit.resource_types.sns import TOPIC
from toolkit.resource_types.sqs import QUEUE
from toolkit.resource_types.ssm import PARAMETER
from toolkit.resource_types.taggable import taggable_types
from toolkit.stacks.credentials import has_credential_form, holds_credential, texts_in
from toolkit.stacks.inputs import Inputs, StackInputs, Violations, every
from toolkit.stacks.references import default_tags, provider_accounts, provider_region

STATEFUL = ("aws:cognito/userPool:UserPool", "aws:dynamodb/table:Table", BUCKET, KEY, TRAIL, SECRET)
_TAGS = ("project", "stack", "owner", "cost-center")


def _has_tag(name: str) -> ResourceCheck:
    """Read the resource's own tag, also an empty one, before the default tag of the provider."""

    def holds(resource: Inputs) -> bool:
        own = resource.part("tags")
        return bool(own.text(name) if own.has(name) else default_tags(resource).text(name))

    return lambda resource, _: holds(resource)


required_tags = ResourceRule(
    name="required-tags",
    description="Resources have the tags project, stack, owner and cost-center",
    severity=Severity.LOW,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=taggable_types(),
    checks={
        f"the tag {name} is absent or empty; add it to the provider's defaultTags": _has_tag(name) for name in _TAGS
    },
)

stateful_protected = ResourceRule(
    name="stateful-protected",
    description="Resources that hold data have the option protect, and forceDestroy is off",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS_WHERE_KEPT,
    types=STATEFUL,
    checks={
        "the resource option protect is off; set it to True": lambda resource, _: resource.resource.protect,
        "forceDestroy is on, which also deletes the data; remove it": lambda resource, _: (
            not resource.flag("forceDestroy")
        ),
    },
)

_KEYS: Mapping[str, str] = {
    BUCKET_ENCRYPTION: "applyServerSideEncryptionByDefault.kmsMasterKeyId",
    FUNCTION: "kmsKeyArn",
    LOG_GROUP: "kmsKeyId",
    QUEUE: "kmsMasterKeyId",
    SECRET: "kmsKeyId",
    TABLE: "serverSideEncryption.kmsKeyArn",
    TOPIC: "kmsMasterKeyId",
    TRAIL: "kmsKeyId",
}
"""The property that names the key, in each rule of a bucket's encryption."""
_ARN_PARTS = 6


def _key_is_of_account(resource: Inputs, _stack: Stack) -> bool | Violations:
    """Accept an id or an alias: both are of the same account and Region."""
    path = _KEYS[resource.resource.type]
    accounts, region = provider_accounts(resource), resource.text("region", provider_region(resource))

    def own(holder: Inputs) -> bool:
        arn = holder.text(path).split(":")
        return len(arn) < _ARN_PARTS or ((not accounts or arn[4] in accounts) and (not region or arn[3] == region))

    return every(resource.parts("rules") if resource.resource.type == BUCKET_ENCRYPTION else (resource,), own)


encryption_key_own = ResourceRule(
    name="encryption-key-own",
    description="KMS keys for encryption are of the same account and Region",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    types=tuple(_KEYS),
    message="the KMS key is of another account or region, whose owner can make the data unreadable; use a key of this "
    "account and region",
    check=_key_is_of_account,
)

_MEANT_FOR_SECRETS: Mapping[str, frozenset[str]] = {
    "aws:secretsmanager/secretVersion:SecretVersion": frozenset({"secretString", "secretBinary", "secretStringWo"}),
    "aws:iam/serverCertificate:ServerCertificate": frozenset({"privateKey"}),
    "aws:acm/certificate:Certificate": frozenset({"privateKey"}),
    "aws:apigateway/apiKey:ApiKey": frozenset({"value"}),
    "aws:cognito/identityProvider:IdentityProvider": frozenset({"providerDetails"}),
    "aws:cloudfront/distribution:Distribution": frozenset({"origins"}),  # the origin key, a secret of the stack
    FUNCTION: frozenset({"environment"}),  # lambda-no-secret-env
}
"""Properties in which AWS keeps a secret, or which have a rule of their own."""
_VARIABLES: Mapping[str, frozenset[str]] = {
    "aws:apigatewayv2/stage:Stage": frozenset({"stageVariables"}),
    "aws:apigateway/stage:Stage": frozenset({"variables"}),
    "aws:apigateway/deployment:Deployment": frozenset({"variables"}),
    "aws:codebuild/project:Project": frozenset({"environment"}),
    "aws:ecs/taskDefinition:TaskDefinition": frozenset({"containerDefinitions"}),
    "aws:apprunner/service:Service": frozenset({"sourceConfiguration"}),
    "aws:amplify/app:App": frozenset({"environmentVariables"}),
    "aws:glue/job:Job": frozenset({"defaultArguments"}),
}
"""Properties with variables; the name of a variable shows whether its value is a credential."""

_PARAMETER_VALUES = ("value", "insecureValue")
"""The properties of an SSM parameter with its value; its name shows whether that is a credential."""


def _has_no_credentials(graph: StackInputs, _stack: Stack) -> bool | Violations:
    return Violations(place for inputs in graph.resources for place in _credential_places(inputs)) or True


def _credential_places(inputs: Inputs) -> Iterator[Inputs]:
    type_ = inputs.resource.type
    kept = _MEANT_FOR_SECRETS.get(type_, frozenset())
    for name, value in inputs.properties.items():
        if name in kept or (type_ == PARAMETER and name in _PARAMETER_VALUES):
            continue
        by_name = name in _VARIABLES.get(type_, frozenset())
        if any(holds_credential(*each) if by_name else has_credential_form(each[1]) for each in texts_in(value, name)):
            yield Inputs(inputs.resource, {}, inputs.provider, name)
    if type_ == PARAMETER and inputs.properties.get("type") != "SecureString":
        given = inputs.properties.get("name")
        own = given if isinstance(given, str) else inputs.resource.name
        for name in _PARAMETER_VALUES:
            value = inputs.properties.get(name)
            if isinstance(value, str) and holds_credential(own, value):
                yield Inputs(inputs.resource, {}, inputs.provider, name)


no_plain_credentials = StackRule(
    name="no-plain-credentials",
    description="No property contains credentials in plain text",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    message="the property contains what looks like a credential, which everyone who may describe the resource can "
    "read; keep it in Secrets Manager and pass its ARN",
    check=_has_no_credentials,
)
