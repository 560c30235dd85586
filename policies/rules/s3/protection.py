"""Rules between a bucket and the resources that protect it."""

from collections.abc import Callable

from toolkit.policy.iam.documents import denies_plain_http, statements
from toolkit.policy.rule import Levels, Severity, StackCheck, StackRule, controls, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.cloudtrail import TRAIL
from toolkit.resource_types.s3 import (
    BUCKET,
    BUCKET_ENCRYPTION,
    BUCKET_LIFECYCLE,
    BUCKET_LOGGING,
    BUCKET_OWNERSHIP,
    BUCKET_POLICY,
    BUCKET_PUBLIC_BLOCK,
    BUCKET_VERSIONING,
)
from toolkit.stacks.inputs import Inputs, StackInputs, Violations, every


def _has(type_: str, holds: Callable[[Inputs], bool] = lambda _: True) -> StackCheck:
    """Return the check that a resource of the type belongs to each bucket, and holds."""
    return for_each(BUCKET)(lambda bucket, graph, _: any(map(holds, graph.using(bucket, type_, by="bucket"))))


@for_each(BUCKET)
def _tls_only(bucket: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    policies = graph.using(bucket, BUCKET_POLICY, by="bucket")
    return any(denies_plain_http(statements(policy, "policy"), "s3:*") for policy in policies)


def _trail_buckets(graph: StackInputs) -> tuple[Inputs, ...]:
    return tuple(bucket for trail in graph.of(TRAIL) for bucket in graph.behind(trail, "s3BucketName", BUCKET))


def _of_trails(type_: str) -> StackCheck:
    def check(graph: StackInputs, _stack: Stack) -> bool | Violations:
        return every(_trail_buckets(graph), lambda bucket: bool(graph.using(bucket, type_, by="bucket")))

    return check


def _policy_is_limited_to_trail(graph: StackInputs, _stack: Stack) -> bool | Violations:
    def held(bucket: Inputs) -> bool:
        policies = graph.using(bucket, BUCKET_POLICY, by="bucket")
        writes = [
            statement
            for policy in policies
            for statement in statements(policy, "policy")
            if statement.allows and ("Service", "cloudtrail.amazonaws.com") in statement.principals
        ]
        return bool(writes) and all(statement.limits_source for statement in writes)

    return every(_trail_buckets(graph), held)


def _uses_bucket_key(encryption: Inputs) -> bool:
    return any(rule.flag("bucketKeyEnabled") for rule in encryption.parts("rules"))


def _has_bucket_key_with_kms(encryption: Inputs) -> bool:
    return all(
        rule.text("applyServerSideEncryptionByDefault.sseAlgorithm", "AES256") == "AES256"
        or rule.flag("bucketKeyEnabled")
        for rule in encryption.parts("rules")
    )


def _trail_encryption(graph: StackInputs) -> tuple[Inputs, ...]:
    """The encryption of the buckets of trails."""
    return tuple(
        encryption
        for bucket in _trail_buckets(graph)
        for encryption in graph.using(bucket, BUCKET_ENCRYPTION, by="bucket")
    )


def _kms_has_bucket_keys(graph: StackInputs, _stack: Stack) -> bool | Violations:
    exempt = {encryption.urn for encryption in _trail_encryption(graph)}
    return every((each for each in graph.of(BUCKET_ENCRYPTION) if each.urn not in exempt), _has_bucket_key_with_kms)


def _no_bucket_key_of_a_trail(graph: StackInputs, _stack: Stack) -> bool | Violations:
    """CreateTrail needs kms:Decrypt for CloudTrail where the bucket has a Bucket Key.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
    (read 2026-11-30)
    """
    return every(_trail_encryption(graph), lambda encryption: not _uses_bucket_key(encryption))


def _matches_encryption_of_trail(graph: StackInputs, _stack: Stack) -> bool | Violations:
    """Return whether what others write into the bucket of a trail with a key is encrypted with a key, too."""
    with_key = [trail for trail in graph.of(TRAIL) if trail.has("kmsKeyId")]
    buckets = {bucket.urn for trail in with_key for bucket in graph.behind(trail, "s3BucketName", BUCKET)}

    def alike(encryption: Inputs) -> bool:
        path = "applyServerSideEncryptionByDefault.sseAlgorithm"
        return not buckets & set(encryption.depends_on("bucket")) or all(
            rule.text(path).startswith("aws:kms") for rule in encryption.parts("rules")
        )

    return every(_trail_encryption(graph), alike)


s3_encryption = StackRule(
    name="s3-encryption",
    description="S3 buckets with a KMS key use an S3 Bucket Key, except the bucket of a trail",
    severity=Severity.LOW,
    levels=Levels.WARNS,
    controls=controls("CHECKOV: CKV_AWS_19"),
    message="a rule has aws:kms without bucketKeyEnabled, so each object costs a KMS request; set it",
    check=_kms_has_bucket_keys,
)

s3_bucket_complete = StackRule(
    name="s3-bucket-complete",
    description="S3 buckets have Block Public Access, object ownership, a lifecycle and a TLS-only policy",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    controls=controls(
        "FSBP: CloudTrail.6, S3.2, S3.3, S3.5, S3.8, S3.12, S3.13; CIS3: 2.1.1, 2.1.4; CIS5: 2.1.1, 2.1.4; "
        "CIS7: 3.1.1, 3.1.4; NAG: S2, S10; CHECKOV: CKV2_AWS_6, CKV_AWS_379, CKV_AWS_53, CKV_AWS_54, CKV_AWS_55, "
        "CKV_AWS_56, CKV2_AWS_61, CKV2_AWS_65; GUARD: s3_bucket_ssl_requests_only, "
        "s3_bucket_level_public_access_prohibited"
    ),
    checks={
        "the bucket has no BucketPublicAccessBlock; add one with all four settings on": _has(BUCKET_PUBLIC_BLOCK),
        "the bucket has no BucketOwnershipControls; add one with BucketOwnerEnforced": _has(BUCKET_OWNERSHIP),
        "the bucket has no BucketLifecycleConfiguration; add one": _has(BUCKET_LIFECYCLE),
        "no policy of the bucket denies requests without TLS; deny s3:* where aws:SecureTransport is false": _tls_only,
    },
)

trail_bucket_hardened = StackRule(
    name="trail-bucket-hardened",
    description="The bucket of a trail has versioning and logging, and accepts only that trail",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS_WHERE_KEPT,
    controls=controls("FSBP: CloudTrail.7; CIS3: 3.4; CIS5: 3.4; CIS7: 4.4"),
    checks={
        "the trail's bucket has no BucketVersioning; turn it on": _of_trails(BUCKET_VERSIONING),
        "the trail's bucket has no BucketLogging; log to another bucket": _of_trails(BUCKET_LOGGING),
        "the bucket policy lets CloudTrail write for any trail; limit aws:SourceArn to this one": (
            _policy_is_limited_to_trail
        ),
        "the trail has a KMS key, and the default encryption of its bucket is not aws:kms; set it": (
            _matches_encryption_of_trail
        ),
        "the trail's bucket has bucketKeyEnabled, so CreateTrail also requires kms:Decrypt; set it to false": (
            _no_bucket_key_of_a_trail
        ),
    },
)

_KMS = ("aws:kms", "aws:kms:dsse")


def _by_kms(encryption: Inputs) -> bool:
    rules = encryption.parts("rules")
    return bool(rules) and all(rule.text("applyServerSideEncryptionByDefault.sseAlgorithm") in _KMS for rule in rules)


s3_access_logged = StackRule(
    name="s3-access-logged",
    description="S3 buckets have server access logging",
    severity=Severity.LOW,
    levels=Levels.REPORTED,
    controls=controls("FSBP: S3.9; NAG: S1; CHECKOV: CKV_AWS_18; GUARD: s3_bucket_logging_enabled"),
    message="no BucketLogging with a targetBucket belongs to the bucket; add one",
    check=_has(BUCKET_LOGGING, lambda logging: logging.has("targetBucket")),
)

s3_kms_encrypted = StackRule(
    name="s3-kms-encrypted",
    description="S3 buckets are encrypted with AWS KMS by default",
    severity=Severity.LOW,
    levels=Levels.REPORTED,
    controls=controls("NIST: S3.17; CHECKOV: CKV_AWS_145; GUARD: s3_default_encryption_kms"),
    message="the bucket's default encryption is not aws:kms; set sseAlgorithm",
    check=_has(BUCKET_ENCRYPTION, _by_kms),
)

s3_versioned = StackRule(
    name="s3-versioned",
    description="S3 buckets have a BucketVersioning with the status Enabled",
    severity=Severity.MEDIUM,
    levels=Levels.REPORTED,
    controls=controls("NIST: S3.14; CHECKOV: CKV_AWS_21; GUARD: s3_bucket_versioning_enabled"),
    message="no BucketVersioning with the status Enabled belongs to the bucket; add one",
    check=_has(BUCKET_VERSIONING, lambda versioning: versioning.text("versioningConfiguration.status") == "Enabled"),
)
