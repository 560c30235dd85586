"""Conditions of published controls on buckets."""

from collections.abc import Callable

from toolkit.policy.iam.documents import every_statement, statements
from toolkit.policy.rule import Levels, ResourceRule, Severity, StackCheck, StackRule, controls
from toolkit.resource_types.s3 import BUCKET, BUCKET_ENCRYPTION, BUCKET_LOGGING, BUCKET_VERSIONING
from toolkit.stacks.facts import Broken, Facts, GraphFacts, every

_KMS = ("aws:kms", "aws:kms:dsse")


def _each_bucket_has(type_: str, holds: Callable[[Facts], bool]) -> StackCheck:
    """A check that a resource of the type belongs to each bucket, and holds."""

    def check(graph: GraphFacts, _stack: object) -> bool | Broken:
        return every(graph.of(BUCKET), lambda bucket: any(map(holds, graph.using(bucket, type_, by="bucket"))))

    return check


def _by_kms(encryption: Facts) -> bool:
    rules = encryption.parts("rules")
    return bool(rules) and all(rule.text("applyServerSideEncryptionByDefault.sseAlgorithm") in _KMS for rule in rules)


s3_access_logged = StackRule(
    name="s3-access-logged",
    description="S3 buckets have server access logging",
    severity=Severity.LOW,
    levels=Levels.WARNS,
    controls=controls("FSBP: S3.9; NAG: S1; CHECKOV: CKV_AWS_18; GUARD: s3_bucket_logging_enabled"),
    checks={
        "no BucketLogging with a targetBucket belongs to the bucket; add one": _each_bucket_has(
            BUCKET_LOGGING, lambda logging: logging.has("targetBucket")
        )
    },
)

s3_kms_encrypted = StackRule(
    name="s3-kms-encrypted",
    description="S3 buckets are encrypted with AWS KMS by default",
    severity=Severity.LOW,
    levels=Levels.WARNS,
    controls=controls("NIST: S3.17; CHECKOV: CKV_AWS_145; GUARD: s3_default_encryption_kms"),
    checks={
        "the bucket's default encryption is not aws:kms; set sseAlgorithm": _each_bucket_has(BUCKET_ENCRYPTION, _by_kms)
    },
)

s3_versioned = StackRule(
    name="s3-versioned",
    description="S3 buckets have a BucketVersioning with the status Enabled",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS,
    controls=controls("NIST: S3.14; CHECKOV: CKV_AWS_21; GUARD: s3_bucket_versioning_enabled"),
    checks={
        "no BucketVersioning with the status Enabled belongs to the bucket; add one": _each_bucket_has(
            BUCKET_VERSIONING, lambda versioning: versioning.text("versioningConfiguration.status") == "Enabled"
        )
    },
)

s3_no_lockout = ResourceRule(
    name="s3-no-lockout",
    description="Bucket policies do not deny all actions to all principals",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS,
    controls=controls("CHECKOV: CKV_AWS_93"),
    types=("aws:s3/bucketPolicy:BucketPolicy",),
    checks={
        "a statement denies all actions to all principals, so only the root user can change the policy; add a "
        "condition": (
            lambda policy, _: every_statement(
                statements(policy, "policy"),
                lambda one: (
                    not one.denies or not one.of_anyone or bool(one.conditions) or not {"*", "s3:*"} & set(one.actions)
                ),
            )
        )
    },
)

CONDITIONS = (s3_access_logged, s3_kms_encrypted, s3_versioned, s3_no_lockout)
