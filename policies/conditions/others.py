"""Conditions of published controls on tables, pools, keys, secrets, queues and the edge, beyond the rules."""

from toolkit.policy.rule import Levels, ResourceRule, Severity, StackRule, controls, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.appautoscaling import SCALING_TARGET
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.secretsmanager import SECRET, SECRET_ROTATION
from toolkit.resource_types.wafv2 import WEB_ACL, WEB_ACL_LOGGING
from toolkit.stacks.facts import Facts

_ONE_YEAR = 31_536_000
_LONGEST_ROTATION = 90


def _is_rotated_often(rotation: Facts) -> bool:
    days = rotation.number("rotationRules.automaticallyAfterDays", 0)
    return 0 < days <= _LONGEST_ROTATION


def _enforces_tls(policy: Facts, _stack: Stack) -> bool:
    header = policy.part("securityHeadersConfig").part("strictTransportSecurity")
    return header.number("accessControlMaxAgeSec", 0) >= _ONE_YEAR and all(
        header.flag(name) for name in ("override", "includeSubdomains", "preload")
    )


CONDITIONS = (
    StackRule(
        name="dynamodb-scales",
        description="DynamoDB tables are on demand, or have auto scaling",
        severity=Severity.MEDIUM,
        levels=Levels.WARNS,
        controls=controls("FSBP: DynamoDB.1; CHECKOV: CKV2_AWS_16; GUARD: dynamodb_billing_mode_rule"),
        checks={
            "billingMode is PROVISIONED without a scaling target; set it to PAY_PER_REQUEST": for_each(TABLE)(
                lambda table, graph, _: (
                    table.text("billingMode", "PROVISIONED") == "PAY_PER_REQUEST"
                    or bool(graph.using(table, SCALING_TARGET, by="resourceId"))
                )
            )
        },
    ),
    ResourceRule(
        name="cognito-custom-auth-protected",
        description="Threat protection includes custom authentication",
        severity=Severity.LOW,
        levels=Levels.WARNS,
        controls=controls("FSBP: Cognito.4"),
        types=("aws:cognito/userPool:UserPool",),
        checks={
            "userPoolAddOns.advancedSecurityAdditionalFlows.customAuthMode is not ENFORCED; set it": lambda pool, _: (
                pool.text("userPoolAddOns.advancedSecurityAdditionalFlows.customAuthMode") == "ENFORCED"
            )
        },
    ),
    StackRule(
        name="secret-rotated-in-90-days",
        description="Secrets rotate within 90 days",
        severity=Severity.LOW,
        levels=Levels.WARNS,
        controls=controls("FSBP: SecretsManager.4"),
        checks={
            "no SecretRotation with automaticallyAfterDays up to 90 replaces the secret; add one": for_each(SECRET)(
                lambda secret, graph, _: any(
                    map(_is_rotated_often, graph.using(secret, SECRET_ROTATION, by="secretId"))
                )
            )
        },
    ),
    ResourceRule(
        name="rotation-in-90-days",
        description="Secret rotations run at least every 90 days",
        severity=Severity.LOW,
        levels=Levels.WARNS,
        controls=controls("CHECKOV: CKV_AWS_304"),
        types=(SECRET_ROTATION,),
        checks={
            "rotationRules.automaticallyAfterDays is above 90 or absent; lower it": lambda rotation, _: (
                _is_rotated_often(rotation)
            )
        },
    ),
    ResourceRule(
        name="sqs-customer-key",
        description="SQS queues are encrypted with a customer managed KMS key",
        severity=Severity.LOW,
        levels=Levels.WARNS,
        controls=controls("CHECKOV: CKV2_AWS_73"),
        types=("aws:sqs/queue:Queue",),
        checks={
            "kmsMasterKeyId is absent or AWS's own key; name a key of the account": lambda queue, _: (
                queue.has("kmsMasterKeyId") and queue.text("kmsMasterKeyId") != "alias/aws/sqs"
            )
        },
    ),
    StackRule(
        name="waf-logged",
        description="Web ACLs have logging on",
        severity=Severity.LOW,
        levels=Levels.WARNS,
        controls=controls("NIST: WAF.11; CHECKOV: CKV2_AWS_31"),
        checks={
            "no WebAclLoggingConfiguration names the web ACL; add one": for_each(WEB_ACL)(
                lambda acl, graph, _: bool(graph.using(acl, WEB_ACL_LOGGING, by="resourceArn"))
            )
        },
    ),
    ResourceRule(
        name="hsts-preloaded",
        description="Strict-Transport-Security overrides the origin, includes subdomains and is preloaded",
        severity=Severity.LOW,
        levels=Levels.WARNS,
        controls=controls("CHECKOV: CKV_AWS_259"),
        types=("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",),
        checks={
            "strictTransportSecurity lacks a year of accessControlMaxAgeSec, override, includeSubdomains or preload; "
            "set all": _enforces_tls
        },
    ),
    ResourceRule(
        name="cloudfront-enabled",
        description="CloudFront distributions are enabled",
        severity=Severity.LOW,
        levels=Levels.WARNS,
        controls=controls("CHECKOV: CKV_AWS_216"),
        types=("aws:cloudfront/distribution:Distribution",),
        checks={"enabled is not true; set it to true": lambda distribution, _: distribution.flag("enabled")},
    ),
    ResourceRule(
        name="kms-enabled",
        description="KMS keys are enabled",
        severity=Severity.LOW,
        levels=Levels.WARNS,
        controls=controls("CHECKOV: CKV_AWS_227"),
        types=("aws:kms/key:Key",),
        checks={"isEnabled is false; remove it": lambda key, _: key.flag("isEnabled", default=True)},
    ),
    ResourceRule(
        name="acm-transparency-logged",
        description="ACM certificates have certificate transparency logging on",
        severity=Severity.LOW,
        levels=Levels.WARNS,
        controls=controls("CHECKOV: CKV_AWS_234"),
        types=("aws:acm/certificate:Certificate",),
        checks={
            "options.certificateTransparencyLoggingPreference is DISABLED; remove it": lambda certificate, _: (
                certificate.text("options.certificateTransparencyLoggingPreference", "ENABLED") == "ENABLED"
            )
        },
    ),
)
