"""Rules on resource policies, over several services."""

from toolkit.policy.iam.accounts import (
    SERVICES_WITHOUT_SOURCE,
    is_own,
    limits_sources,
    principals_are_own,
    sources_are_own,
)
from toolkit.policy.iam.documents import (
    Statement,
    allows_any_caller,
    denies_plain_http,
    every_statement,
    for_each_statement,
    is_not_public,
    names_what_it_allows,
    statements,
)
from toolkit.policy.rule import Levels, ResourceRule, Severity, controls
from toolkit.policy.stack import Stack
from toolkit.resource_types.cloudwatch import EVENT_PERMISSION
from toolkit.resource_types.kms import KEY, KEY_GRANT, KEY_POLICY
from toolkit.resource_types.lambda_ import LAYER_PERMISSION, PERMISSION
from toolkit.resource_types.s3 import ACCESS_POINT, ACCESS_POINT_POLICY, BUCKET_POLICY
from toolkit.resource_types.secretsmanager import SECRET, SECRET_POLICY
from toolkit.resource_types.sns import TOPIC, TOPIC_POLICY
from toolkit.resource_types.sqs import QUEUE, QUEUE_POLICY
from toolkit.stacks.inputs import Inputs, Violations
from toolkit.stacks.references import known_text

OTHER_POLICIES = {
    "aws:backup/vaultPolicy:VaultPolicy": "policy",
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy": "policy",
    "aws:cloudwatch/logDestinationPolicy:LogDestinationPolicy": "accessPolicy",
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "policyDocument",
    "aws:dynamodb/resourcePolicy:ResourcePolicy": "policy",
    "aws:ecr/registryPolicy:RegistryPolicy": "policy",
    "aws:ecr/repositoryPolicy:RepositoryPolicy": "policy",
    "aws:kinesis/resourcePolicy:ResourcePolicy": "policy",
    "aws:opensearch/domainPolicy:DomainPolicy": "accessPolicies",
}
"""Resource policies of services without a rule of their own on them, by the property of the document."""
_OTHER_ACCOUNT = (
    "a statement admits another account; name principals of this account, or list the account in "
    "policies/trusted_accounts.py"
)
_OTHER_SOURCE = (
    "a statement allows a service that acts for another account; limit aws:SourceAccount or aws:SourceArn to this one"
)
_NO_SOURCE = "a statement allows a service without aws:SourceAccount or aws:SourceArn; add the condition"
_PUBLIC = "a statement allows any principal; name the principals"


def _statements(inputs: Inputs) -> tuple[Statement, ...]:
    return statements(inputs, OTHER_POLICIES.get(inputs.resource.type, "policy"))


def _own_principals(inputs: Inputs, stack: Stack) -> bool | Violations:
    own = stack.ownership.trusted_accounts(inputs)
    # The rules named *-policy-not-public report a statement for any principal.
    return every_statement(_statements(inputs), lambda each: allows_any_caller(each) or principals_are_own(each, own))


def _own_sources(inputs: Inputs, stack: Stack) -> bool | Violations:
    own = stack.ownership.trusted_accounts(inputs)
    return every_statement(_statements(inputs), lambda each: sources_are_own(each, own))


def _sources(inputs: Inputs, _stack: Stack) -> bool | Violations:
    exempt = SERVICES_WITHOUT_SOURCE.get(inputs.resource.type, frozenset())
    return every_statement(_statements(inputs), lambda each: limits_sources(each, exempt))


def _not_public(inputs: Inputs, _stack: Stack) -> bool | Violations:
    return every_statement(_statements(inputs), is_not_public)


def _own_grantees(grant: Inputs, stack: Stack) -> bool:
    own = stack.ownership.trusted_accounts(grant)
    return all(is_own(name, own) for name in map(grant.text, ("granteePrincipal", "retiringPrincipal")) if name)


def _own_caller(permission: Inputs, stack: Stack) -> bool:
    """Return whether the principal is of the account; the rules lambda-*-not-public report `*`."""
    principal = permission.text("principal")
    service_or_all = principal.endswith(".amazonaws.com") or principal in {"", "*"}
    in_organization = permission.has("principalOrgId") or permission.has("organizationId")
    return service_or_all or in_organization or is_own(principal, stack.ownership.trusted_accounts(permission))


def _own_source(permission: Inputs, stack: Stack) -> bool:
    arn, account = permission.text("sourceArn"), permission.text("sourceAccount")
    own = stack.ownership.trusted_accounts(permission)
    bucket = arn.startswith("arn:aws:s3:::")
    # Every source is what lambda-permission-scoped reports.
    return all(is_own(each, own) for each in (account, "" if bucket else arn) if each not in {"", "*"})


def _event_caller(permission: Inputs, stack: Stack) -> bool:
    in_organization = permission.text("condition.key").lower() == "aws:principalorgid"
    principal = permission.text("principal")
    return in_organization or (principal != "*" and is_own(principal, stack.ownership.trusted_accounts(permission)))


s3_policy_own_account = ResourceRule(
    name="s3-policy-own-account",
    description="Bucket policies grant access only to the same account, and to services acting for it",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    controls=controls("FSBP: S3.6; PROWLER: s3_bucket_cross_account_access"),
    types=(BUCKET_POLICY, ACCESS_POINT, ACCESS_POINT_POLICY),
    checks={_OTHER_ACCOUNT: _own_principals, _OTHER_SOURCE: _own_sources, _NO_SOURCE: _sources},
)

kms_policy_own_account = ResourceRule(
    name="kms-policy-own-account",
    description="Key policies and grants allow only the same account, and services acting for it",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    types=(KEY, KEY_POLICY, KEY_GRANT),
    checks={
        _OTHER_ACCOUNT: _own_principals,
        _OTHER_SOURCE: _own_sources,
        "the grant is for a principal of another account; name one of this account": _own_grantees,
    },
)

messages_policy_own_account = ResourceRule(
    name="messages-policy-own-account",
    description="Topic and queue policies grant access only to the same account, and to services acting for it",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    types=(TOPIC_POLICY, QUEUE_POLICY, TOPIC, QUEUE),
    checks={_OTHER_ACCOUNT: _own_principals, _OTHER_SOURCE: _own_sources},
)

secret_policy_own_account = ResourceRule(
    name="secret-policy-own-account",
    description="Secret policies grant access only to the same account",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    types=(SECRET, SECRET_POLICY),
    checks={_OTHER_ACCOUNT: _own_principals, _OTHER_SOURCE: _own_sources, _NO_SOURCE: _sources},
)

lambda_permission_own_account = ResourceRule(
    name="lambda-permission-own-account",
    description="Lambda permissions are granted only to the same account, and to services acting for it",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    types=(PERMISSION, LAYER_PERMISSION),
    checks={
        "principal is another account; name this account, a role of it, or list the account in "
        "policies/trusted_accounts.py": _own_caller,
        "sourceArn or sourceAccount is of another account; set it to a resource of this account": _own_source,
    },
)

resource_policy_own_account = ResourceRule(
    name="resource-policy-own-account",
    description="Policies of tables, event buses, repositories and log groups grant access only to the same account",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    controls=controls("CIS7: 2.21"),
    types=tuple(OTHER_POLICIES),
    checks={
        _PUBLIC: _not_public,
        _OTHER_ACCOUNT: _own_principals,
        _OTHER_SOURCE: _own_sources,
        _NO_SOURCE: _sources,
    },
)

event_bus_own_account = ResourceRule(
    name="event-bus-own-account",
    description="Event bus permissions are granted only to the same account or organization",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    types=(EVENT_PERMISSION,),
    message="principal is * or another account; name this account, or add a condition on aws:PrincipalOrgID",
    check=_event_caller,
)

_CALLS = {TOPIC_POLICY: ("sns:Publish",), QUEUE_POLICY: ("sqs:SendMessage", "sqs:ReceiveMessage")}


def _names_its_source(statement: Statement) -> bool:
    services = any(kind == "Service" for kind, _ in statement.principals)
    return not (statement.allows and services) or statement.limits_source


def _denies_plain_http(policy: Inputs, _stack: Stack) -> bool:
    topic = known_text(policy, "arn") if policy.resource.type == TOPIC_POLICY else None
    return denies_plain_http(statements(policy, "policy"), *_CALLS[policy.resource.type], on=topic)


messages_policy_not_public = ResourceRule(
    name="messages-policy-not-public",
    description="Policies of SNS topics and SQS queues do not allow public access",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    controls=controls("FSBP: SNS.4, SQS.3; CIS7: 2.21; CHECKOV: CKV_AWS_169, CKV_AWS_385, CKV_AWS_168, CKV_AWS_387"),
    types=(TOPIC_POLICY, QUEUE_POLICY, TOPIC, QUEUE),
    checks={
        "a statement allows any principal; name them, or limit aws:SourceAccount": for_each_statement(is_not_public),
        "a statement allows a service without aws:SourceAccount or aws:SourceArn; add the condition": (
            for_each_statement(_names_its_source)
        ),
        "a statement allows with NotAction or NotResource; name what is allowed": for_each_statement(
            names_what_it_allows
        ),
    },
)

messages_tls_only = ResourceRule(
    name="messages-tls-only",
    description="Policies of SNS topics and SQS queues deny requests without TLS",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("NAG: SNS3, SQS4"),
    types=(TOPIC_POLICY, QUEUE_POLICY),
    message="no statement denies requests without aws:SecureTransport; add one for all principals",
    check=_denies_plain_http,
)
