"""Rules on S3 buckets."""

from policies.bounds import page_is_allowed
from toolkit.policy.iam.documents import (
    denies_plain_http,
    for_each_statement,
    is_not_public,
    names_what_it_allows,
    statements,
)
from toolkit.policy.rule import Levels, ResourceCheck, ResourceRule, Severity, controls
from toolkit.policy.stack import Stack
from toolkit.resource_types.s3 import (
    ACCESS_POINT,
    ACCESS_POINT_POLICY,
    BUCKET,
    BUCKET_ACL,
    BUCKET_CORS,
    BUCKET_ENCRYPTION,
    BUCKET_LIFECYCLE,
    BUCKET_LOGGING,
    BUCKET_OWNERSHIP,
    BUCKET_POLICY,
    BUCKET_PUBLIC_BLOCK,
    BUCKET_VERSIONING,
    BUCKET_WEBSITE,
)
from toolkit.stacks.inputs import Inputs, Violations, every
from toolkit.stacks.references import known_text

_BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
_CALLS = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket")
_EXPIRIES = ("expiration", "noncurrentVersionExpiration", "transitions")
_LONGEST_UPLOAD_DAYS = 30
_PARTS = (
    *("acl", "grants", "policy", "website", "lifecycleRules", "versioning", "serverSideEncryptionConfiguration"),
    *("corsRules", "logging", "replicationConfiguration", "objectLockConfiguration"),
)


def _some_rule(lifecycle: Inputs, *paths: str) -> bool:
    rules = [rule for rule in lifecycle.parts("rules") if rule.text("status") == "Enabled"]
    return any(rule.has(path) for rule in rules for path in paths)


def _is_on(name: str) -> ResourceCheck:
    return lambda block, _: block.flag(name)


def _has_no_wildcard_origin(cors: Inputs, _stack: Stack) -> bool | Violations:
    return every(cors.parts("corsRules"), lambda rule: not any("*" in each for each in rule.texts("allowedOrigins")))


def _origins_use_https(cors: Inputs, stack: Stack) -> bool | Violations:
    def safe(rule: Inputs) -> bool:
        return all("*" in page or page_is_allowed(page, stack) for page in rule.texts("allowedOrigins"))

    return every(cors.parts("corsRules"), safe)


def _incomplete_uploads_are_aborted(lifecycle: Inputs, _stack: Stack) -> bool | Violations:
    path = "abortIncompleteMultipartUpload.daysAfterInitiation"
    return every(lifecycle.parts("rules"), lambda rule: rule.number(path, 0) <= _LONGEST_UPLOAD_DAYS)


s3_acl_off = ResourceRule(
    name="s3-acl-off",
    description="S3 buckets have ACLs disabled",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    controls=controls("FSBP: S3.12; CHECKOV: CKV2_AWS_65, CKV_AWS_20, CKV_AWS_57; GUARD: s3_bucket_public_rw_acl"),
    types=(BUCKET_OWNERSHIP, BUCKET_ACL),
    checks={
        "rule.objectOwnership leaves ACLs enabled; set it to BucketOwnerEnforced": lambda owned, _: (
            owned.resource.type == BUCKET_ACL or owned.text("rule.objectOwnership") == "BucketOwnerEnforced"
        ),
        "an ACL is set; remove the resource and grant access in the bucket policy": lambda owned, _: (
            owned.resource.type != BUCKET_ACL
        ),
    },
)

s3_bucket_parts_apart = ResourceRule(
    name="s3-bucket-parts-apart",
    description="S3 buckets have their policy, lifecycle and versioning as separate resources",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    types=(BUCKET,),
    message="acl, policy, lifecycleRules, versioning, corsRules, website or similar is set on the bucket itself, "
    "where no rule reads it; use BucketPolicy, BucketLifecycleConfiguration and so on",
    check=lambda bucket, _: not any(bucket.has(name) for name in _PARTS),
)

s3_policy_not_public = ResourceRule(
    name="s3-policy-not-public",
    description="Bucket policies do not allow public access",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    controls=controls(
        "FSBP: CloudTrail.6, S3.2, S3.3, S3.6; CIS7: 2.21; CHECKOV: CKV_AWS_70; NAG: S5; "
        "GUARD: s3_bucket_policy_no_wildcard_principal, s3_bucket_policy_no_wildcard_action"
    ),
    types=(BUCKET_POLICY, ACCESS_POINT, ACCESS_POINT_POLICY),
    checks={
        "a statement allows any principal; name the principals, or limit it to an account or organization": (
            for_each_statement(is_not_public)
        ),
        "a statement allows all actions; name them": for_each_statement(
            lambda each: not (each.allows and any(action.lower() in ("*", "s3:*") for action in each.actions))
        ),
        "a statement allows with NotAction or NotResource; name what is allowed": for_each_statement(
            names_what_it_allows
        ),
    },
)

s3_policy_tls_only = ResourceRule(
    name="s3-policy-tls-only",
    description="Bucket policies deny requests without TLS",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    controls=controls(
        "FSBP: S3.5; CIS3: 2.1.1; CIS5: 2.1.1; CIS7: 3.1.1; NAG: S10; CHECKOV: CKV_AWS_379; "
        "GUARD: s3_bucket_ssl_requests_only"
    ),
    types=(BUCKET_POLICY,),
    message="no statement denies requests where aws:SecureTransport is false; add one for all principals and s3:*",
    check=lambda policy, _: denies_plain_http(statements(policy, "policy"), *_CALLS, on=known_text(policy, "bucket")),
)

s3_public_block = ResourceRule(
    name="s3-public-block",
    description="S3 Block Public Access is on",
    severity=Severity.CRITICAL,
    levels=Levels.REMEDIATES_THEN_BLOCKS,
    controls=controls(
        "FSBP: CloudTrail.6, S3.2, S3.3, S3.8; CIS3: 2.1.4; CIS5: 2.1.4; CIS7: 3.1.4; NAG: S2; "
        "CHECKOV: CKV_AWS_53, CKV_AWS_54, CKV_AWS_55, CKV_AWS_56; GUARD: s3_bucket_level_public_access_prohibited"
    ),
    types=(BUCKET_PUBLIC_BLOCK,),
    checks={f"{name} is not true; set it to true": _is_on(name) for name in _BLOCKS},
    remediation=lambda _: dict.fromkeys(_BLOCKS, True),
)

s3_versioning = ResourceRule(
    name="s3-versioning",
    description="S3 buckets have versioning enabled",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(BUCKET_VERSIONING,),
    message="versioningConfiguration.status is not Enabled; set it to Enabled",
    check=lambda versioning, _: versioning.text("versioningConfiguration.status") == "Enabled",
)

s3_lifecycle = ResourceRule(
    name="s3-lifecycle",
    description="Lifecycle configurations expire objects or versions, and abort incomplete multipart uploads",
    severity=Severity.LOW,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("FSBP: S3.13; NIST: S3.10; CHECKOV: CKV2_AWS_61, CKV_AWS_300"),
    types=(BUCKET_LIFECYCLE,),
    checks={
        "no enabled rule expires objects or versions; add expiration or noncurrentVersionExpiration": (
            lambda lifecycle, _: _some_rule(lifecycle, *_EXPIRIES)
        ),
        "no enabled rule has abortIncompleteMultipartUpload, so parts of abandoned uploads are billed without end; "
        "add it": (lambda lifecycle, _: _some_rule(lifecycle, "abortIncompleteMultipartUpload")),
        f"abortIncompleteMultipartUpload.daysAfterInitiation is above {_LONGEST_UPLOAD_DAYS}; lower it": (
            _incomplete_uploads_are_aborted
        ),
    },
)

s3_access_logs = ResourceRule(
    name="s3-access-logs",
    description="S3 server access logging has a target bucket",
    severity=Severity.LOW,
    levels=Levels.WARNS_WHERE_KEPT,
    types=(BUCKET_LOGGING,),
    message="targetBucket is absent; set it to the bucket for access logs",
    check=lambda logging, _: logging.has("targetBucket"),
)

s3_cors_bounded = ResourceRule(
    name="s3-cors-bounded",
    description="Bucket CORS configurations list HTTPS origins and only needed methods",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(BUCKET_CORS,),
    checks={
        "allowedOrigins has a wildcard; list the origins": _has_no_wildcard_origin,
        "allowedOrigins has an origin without https; list https origins": _origins_use_https,
        "allowedMethods has DELETE, which no browser needs; allow GET, HEAD, POST and PUT": lambda cors, _: every(
            cors.parts("corsRules"), lambda rule: "DELETE" not in rule.texts("allowedMethods")
        ),
    },
)

s3_sse_c_blocked = ResourceRule(
    name="s3-sse-c-blocked",
    description="S3 buckets block SSE-C",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    types=(BUCKET_ENCRYPTION,),
    message="a rule's blockedEncryptionTypes has NONE, which allows SSE-C, whose objects only the uploader can read; "
    "remove it, or set SSE-C",
    check=lambda encryption, _: every(
        encryption.parts("rules"), lambda rule: "NONE" not in rule.texts("blockedEncryptionTypes")
    ),
)
"""New buckets block SSE-C since April 2026, and so do those of accounts without such objects:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html (read 2026-11-30)."""

s3_no_website = ResourceRule(
    name="s3-no-website",
    description="S3 buckets have no website endpoint",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    types=(BUCKET_WEBSITE,),
    message="an S3 website endpoint supports HTTP only; remove it and use CloudFront",
    check=lambda *_: False,
)
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html (read 2026-11-30)"""

s3_no_lockout = ResourceRule(
    name="s3-no-lockout",
    description="Bucket policies do not deny all actions to all principals",
    severity=Severity.MEDIUM,
    levels=Levels.REPORTED,
    controls=controls("CHECKOV: CKV_AWS_93"),
    types=(BUCKET_POLICY,),
    message="a statement denies all actions to all principals, so only the root user can change the policy; add a "
    "condition",
    check=for_each_statement(
        lambda one: (
            not one.denies or not one.has_any_principal or bool(one.conditions) or not {"*", "s3:*"} & set(one.actions)
        )
    ),
)
