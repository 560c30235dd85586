"""The rules that must or may report a mutation besides the one under test."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

TARGETS: Mapping[str, str] = {
    "cognito-client-machine": "sign-in-machine-client",
    "apigw-route-authorized": "http-get-api-v1-items",
    "iam-oidc-trust": "deploy-prod-role",
    "iam-oidc-trust-numbered": "deploy-prod-role",
    "iam-no-wildcard-action": "plan-running",
    "iam-no-wildcard-resource": "plan-running",
}
"""The resource to change, where the first of its type is a public route or a permissions boundary."""

PREPARED: Mapping[str, str] = {
    "apigw-cors-credentials": "pages send no cookies to this API",
    "apigw-private-https": "no integration has a VPC link",
    "apigw-upstream-https": "prod has no HTTP proxy integration",
    "snapstart-versions": "SnapStart is off",
    "dynamodb-stream-view": "no table has a stream",
    "required-tags": "every tag is a default tag of the provider",
}
"""Rules for which the stacks have no example, and why: the resource gets the properties of the good case first."""

CAPACITY = "public-routes-bounded throttles-fit-concurrency"
SERVICE_ROLES = "service-role-actions service-role-resources"
WILDCARDS = "iam-no-wildcard-action iam-no-wildcard-resource iam-role-within-boundary"
PAGES = "cors-origins-agree sign-in-pages-known"
_ROUTES = tuple(f"http-{method}-*" for method in ("get", "post", "put", "patch", "delete"))
ALSO_REPORTING: Mapping[str, frozenset[str]] = {
    rule: frozenset(others.split())
    for rule, others in {
        "apigw-route-authorized": f"api-routes-covered worst-month-bounded apigw-throttles-own-routes {CAPACITY}",
        "apigw-jwt-complete": "authorizer-matches-pool",
        "apigw-cors-bounded": f"apigw-cors-https {PAGES}",
        "apigw-cors-credentials": f"apigw-cors-bounded {PAGES}",
        "apigw-cors-https": PAGES,
        "apigw-log-no-tokens": "apigw-log-format-json worst-month-bounded",
        "apigw-throttles-admit": (
            "alarm-threshold-in-reach apigw-throttling apigw-throttles-own-routes worst-case-bounded "
            f"worst-month-bounded {CAPACITY}"
        ),
        "cognito-client-callbacks-https": "sign-in-pages-known",
        "cognito-no-text-messages": "cognito-recovery-verified",
        "cognito-recovery-verified": "cognito-no-text-messages",
        "cloudfront-waf": "waf-attached",
        "cloudfront-origin-tls": "cloudfront-origin-key",
        "cloudfront-origin-access": "cloudfront-origin-key",
        "cloudfront-origin-headers": "cloudfront-origin-key",
        "encryption-key-own": "s3-encryption",
        "s3-access-logs": "s3-logs-to-log-bucket",
        "s3-lifecycle": "s3-objects-kept",
        "s3-versioning": "s3-versions-kept",
        "apigw-access-logs": "apigw-log-format-json",
        "apigw-log-format-json": "apigw-access-logs",
        "apigw-throttling": f"apigw-route-throttling worst-case-bounded worst-month-bounded {CAPACITY}",
        "apigw-route-throttling": f"apigw-throttles-own-routes worst-month-bounded {CAPACITY}",
        "apigw-no-data-trace": f"apigw-route-throttling apigw-throttles-own-routes worst-month-bounded {CAPACITY}",
        "dynamodb-capacity-mode": "budget-covers-estimate dynamodb-indexes-accepted worst-month-bounded",
        "dynamodb-index-throughput": "dynamodb-indexes-accepted worst-month-bounded",
        "dynamodb-indexes-accepted": "dynamodb-index-throughput worst-month-bounded",
        "dynamodb-stream-view": "dynamodb-stream-read",
        "dynamodb-max-throughput": "worst-case-bounded worst-month-bounded",
        "lambda-memory-cap": "worst-month-bounded",
        "lambda-quotas": "lambda-layers-trusted",
        "resource-policy-quotas": ("s3-bucket-complete s3-policy-not-public s3-policy-own-account s3-policy-tls-only"),
        "cognito-quotas": "sign-in-pages-known sign-in-scopes-offered",
        "lambda-permission-own-account": "event-permission-scoped",
        "lambda-permission-scoped": "event-permission-scoped lambda-permission-own-account",
        "lambda-arm64": "worst-month-bounded",
        "loggroup-retention": "worst-month-bounded",
        "lambda-reserved-concurrency": f"worst-case-bounded worst-month-bounded {CAPACITY}",
        "snapstart-versions": "lambda-runtime-supported lambda-ephemeral-storage",
        "budget-notifies": "worst-month-bounded",
        "budget-monthly-cost": "budget-exists budget-covers-estimate worst-month-bounded",
        "cloudfront-viewer-https": "cloudfront-security-headers",
        "cloudfront-own-certificate": "cloudfront-viewer-tls",
        "sns-subscription-tls": "alarm-topic-reachable subscription-ends",
        "iam-oidc-trust": "github-roles-reviewed iam-oidc-trust-numbered",
        "iam-oidc-trust-numbered": "github-roles-reviewed",
        "iam-trust-limited": (
            "github-roles-reviewed iam-oidc-trust iam-oidc-trust-numbered iam-role-boundary lambda-least-privilege"
        ),
        "iam-trust-confused-deputy": f"lambda-least-privilege {SERVICE_ROLES}",
        "iam-no-admin": (
            "iam-boundary-refuses iam-kms-decrypt-scoped iam-no-escalation iam-no-not-allow iam-no-wildcard-action "
            "iam-role-within-boundary "
            f"iam-no-wildcard-resource {SERVICE_ROLES}"
        ),
        "iam-no-wildcard-action": "github-roles-reviewed iam-no-escalation iam-role-within-boundary",
        "iam-no-wildcard-resource": "github-roles-reviewed iam-no-not-allow iam-role-within-boundary",
        "iam-no-not-allow": "iam-boundary-refuses iam-role-within-boundary",
        "iam-no-escalation": f"{WILDCARDS} {SERVICE_ROLES}",
        "iam-kms-decrypt-scoped": f"{WILDCARDS} {SERVICE_ROLES}",
        "iam-resources-own-account": f"iam-role-within-boundary {SERVICE_ROLES}",
        "kms-policy-confused-deputy": "kms-policy-not-public loggroup-key-covers",
        "kms-policy-own-account": "kms-policy-not-public loggroup-key-covers",
        "messages-policy-not-public": "alarm-may-publish messages-tls-only topic-takes-messages",
        "messages-policy-own-account": "alarm-may-publish messages-tls-only topic-takes-messages",
        "messages-tls-only": "alarm-may-publish messages-policy-not-public topic-takes-messages",
        "s3-policy-not-public": "s3-bucket-complete s3-policy-own-account s3-policy-tls-only",
        "s3-policy-own-account": "s3-bucket-complete s3-policy-tls-only",
        "s3-policy-tls-only": "s3-bucket-complete s3-policy-not-public s3-policy-own-account",
        "alarm-metric-known": "alarm-can-be-raised alarm-watches-stack alarms-present",
        "alarm-can-be-raised": "alarm-metric-known alarm-watches-stack alarms-present",
        "alarm-has-action": "alarms-present",
        "alarm-missing-data": "alarm-metric-known alarms-present",
        "delivery-gradual": "canary-alarms-in-time",
        "kms-policy-not-public": "loggroup-key-covers",
        "lambda-timeout-bounded": "alarm-threshold-in-reach function-timeout-fits",
        "loggroup-cmk": "lambda-has-log-group",
        "waf-managed-rules": "waf-counted waf-rate-limit",
        "waf-rate-limit": "waf-counted waf-managed-rules",
        "waf-counted": "waf-managed-rules waf-rate-limit",
        "waf-edge-region": "provider-region",
    }.items()
}
"""By rule, others that may report its cases: they check the same property, or the case replaces a document."""


@dataclass(frozen=True)
class Relation:
    """Patterns of logical names: required resources, and properties that must refer to other resources."""

    gone: tuple[str, ...] = ()
    """`name`, or `name@stack` where the rule applies in some stacks only."""
    cut: tuple[str, ...] = ()
    """`name.property`"""


PARTS = ("data", "events", "front", "running", "stack")
"""The policies of a deploy role."""
_PLAN = tuple(f"plan-{part}" for part in PARTS if part != "stack")
RELATIONS: Mapping[str, Relation] = {
    "alarm-topic-reachable": Relation(
        gone=("alerts-topic", "alerts-topic-notices", "alerts-email*"),
    ),
    "alarms-present": Relation(
        gone=("alarms-function-*", "alarms-api-*", "alarms-*-throttles"),
    ),
    "budget-may-publish": Relation(
        gone=("alerts-topic-notices", "alerts-topic-policy-notices", "*-alerts-topic-policy")
    ),
    "canary-alarms-here": Relation(gone=("alarms-canary-errors",)),
    "api-has-stage": Relation(gone=("http-stage",), cut=("http-stage.apiId",)),
    "api-invokes-own-function": Relation(gone=("api-live", "http-function")),
    "api-mapping-own": Relation(gone=("http-api@*CloudFront", "http-stage@*CloudFront", "origin-domain")),
    "apigw-logs-own": Relation(gone=("http-access-logs",)),
    "apigw-throttles-own-routes": Relation(gone=_ROUTES, cut=tuple(f"{route}.apiId" for route in _ROUTES)),
    "cloudfront-origin-key": Relation(gone=("api-function@*CloudFront", "edge-distribution", "origin-domain")),
    "function-data-own": Relation(gone=("items-table", "sessions-table", "attachments-bucket")),
    "s3-objects-kept": Relation(gone=("logs-bucket", "trail-bucket", "trail-trail")),
    "s3-versions-kept": Relation(gone=("*-versioning",)),
    "sign-in-scopes-offered": Relation(gone=("sign-in-pool", "sign-in-scopes")),
    "api-permission-scoped": Relation(gone=("http-api",), cut=("http-may-invoke.sourceArn",)),
    "api-routes-covered": Relation(
        gone=("http-authorizer",),
        cut=("http-authorizer.apiId", "http-*-api-v1-*.authorizerId", "http-*-api-v1-*.apiId"),
    ),
    "authorizer-matches-pool": Relation(
        gone=("sign-in-pool", "sign-in-*-client"), cut=("http-authorizer.jwtConfiguration",)
    ),
    "budget-exists": Relation(gone=("*-budget",)),
    "canary-wired": Relation(gone=("delivery-group",)),
    "cloudfront-logs": Relation(gone=("edge-log-source",), cut=("edge-log-source.resourceArn",)),
    "function-called-by-alias": Relation(gone=("api-live",), cut=("http-function.integrationUri",)),
    "function-on-dashboard": Relation(gone=("service-dashboard",), cut=("service-dashboard.dashboardBody",)),
    "github-roles-reviewed": Relation(gone=(*_PLAN, "*-states")),  # the permissions of a missing policy are unknown
    "iam-boundary-refuses": Relation(gone=("boundary-workload",)),
    "iam-role-boundary": Relation(gone=("boundary-ci", "boundary-workload")),
    "lambda-has-log-group": Relation(gone=("api-logs",)),
    "lambda-least-privilege": Relation(
        gone=("api-role", "api-permissions"),
        cut=("api-function.role", "api-permissions.role", "api-permissions.policy"),
    ),
    "no-orphan-key": Relation(
        # The two topics of a stack share a key; the key of an account has one topic.
        gone=("*-alias", "*-alerts-topic"),
        cut=("*-alias.targetKeyId", "*-alerts-topic.kmsMasterKeyId"),
    ),
    "record-leads-here": Relation(
        gone=("edge-distribution", "origin-domain", "public-certificate", "origin-certificate"),
        cut=("*-proof.records", "*-a.aliases", "*-aaaa.aliases"),
    ),
    "role-policies-in-stack": Relation(gone=(*_PLAN, "*-states", *(f"deploy-prod-{part}" for part in PARTS))),
    "service-role-resources": Relation(
        gone=("items-table", "sessions-table", "attachments-bucket", "api-logs", "api-function", "trail-logs")
    ),
    "s3-bucket-complete": Relation(
        gone=(
            "*-lifecycle",
            "*-ownership",
            "*-public-access-block",
            "attachments-policy",
            "state-policy",
            "logs-policy",
            "trail-policy",
        ),
        cut=("*-lifecycle.bucket", "*-ownership.bucket", "*-public-access-block.bucket", "*-policy.bucket"),
    ),
    "s3-encryption": Relation(
        gone=("trail-trail", "trail-bucket"), cut=("trail-trail.s3BucketName", "trail-encryption.bucket")
    ),
    "trail-bucket-hardened": Relation(
        gone=("trail-logging", "trail-policy", "trail-versioning"),
        cut=("trail-logging.bucket", "trail-policy.bucket", "trail-versioning.bucket"),
    ),
    "worst-month-bounded": Relation(
        gone=("http-stage", "http-function", "api-live"),
        cut=("http-stage.apiId", "http-function.apiId", "http-function.integrationUri", "api-live.functionName"),
    ),
    "throttles-fit-concurrency": Relation(gone=("alarms-function-p99",)),
    "waf-in-front": Relation(gone=("edge-acl", "edge-distribution"), cut=("edge-distribution.webAclId",)),
}
"""By rule between resources, in the names of this project's program."""


def rules_for_deletion(name: str, stack: str) -> frozenset[str]:
    """Return the rules that must report the deletion of this resource from a stack."""
    names = (name, f"{name}@{stack}")
    return frozenset(
        rule for rule, one in RELATIONS.items() if any(fnmatchcase(each, gone) for each in names for gone in one.gone)
    )


def rules_for_relation(name: str, path: str) -> frozenset[str]:
    """Return the rules that must report a property that no longer refers to another resource of the stack."""
    place = f"{name}.{path}"
    return frozenset(rule for rule, one in RELATIONS.items() if any(fnmatchcase(place, each) for each in one.cut))


WITHOUT_EXAMPLE = (
    "apigw-quotas",
    "async-failures-kept",
    "event-permission-scoped",
    "event-role-permits",
    "event-source-admitted",
    "events-invoke-alias",
    "iam-quotas",
    "s3-notifications-accepted",
    "schedule-failures-kept",
    "schedule-least-privilege",
    "sqs-dead-letter-queue-used",
    "stream-readers-few",
    "subscription-failures-kept",
)
"""Rules whose case no stack is near: the resources of their cases are added to a stack."""
