"""Rules on Secrets Manager secrets."""

from policies.bounds import at_most, bounds_of
from toolkit.policy.iam.documents import (
    for_each_statement,
    is_not_public,
)
from toolkit.policy.rule import Levels, ResourceRule, Severity, StackRule, controls, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.secretsmanager import SECRET, SECRET_POLICY, SECRET_ROTATION
from toolkit.stacks.inputs import Inputs

_DEFAULT_RECOVERY = 30


def _recoverable(secret: Inputs, stack: Stack) -> bool:
    return secret.number("recoveryWindowInDays", _DEFAULT_RECOVERY) >= bounds_of(stack).secret_recovery_days


secret_cmk = ResourceRule(
    name="secret-cmk",
    description="Secrets are encrypted with a customer managed KMS key",
    severity=Severity.LOW,
    levels=Levels.WARNS_WHERE_KEPT,
    controls=controls("CHECKOV: CKV_AWS_149; GUARD: secretsmanager_using_cmk"),
    types=(SECRET,),
    message="kmsKeyId is absent; set it to a customer managed key, which costs a dollar a month",
    check=lambda secret, _: secret.has("kmsKeyId"),
)

secret_recovery = ResourceRule(
    name="secret-recovery",
    description="Deleted secrets can be restored during a recovery window",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS_WHERE_KEPT,
    types=(SECRET,),
    message="recoveryWindowInDays is less than {bounds.secret_recovery_days}; raise it",
    check=_recoverable,
)

secret_policy_not_public = ResourceRule(
    name="secret-policy-not-public",
    description="Secret policies do not allow public access",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    controls=controls("CIS7: 2.21"),
    types=(SECRET, SECRET_POLICY),
    message="a statement allows any principal; name the principals",
    check=for_each_statement(is_not_public),
)

_LONGEST_ROTATION = 90


def _is_rotated_often(rotation: Inputs) -> bool:
    days = rotation.number("rotationRules.automaticallyAfterDays", 0)
    return 0 < days <= _LONGEST_ROTATION


secret_rotated_in_90_days = StackRule(
    name="secret-rotated-in-90-days",
    description="Secrets rotate within 90 days",
    severity=Severity.LOW,
    levels=Levels.REPORTED,
    controls=controls("FSBP: SecretsManager.4"),
    message="no SecretRotation with automaticallyAfterDays up to 90 replaces the secret; add one",
    check=for_each(SECRET)(
        lambda secret, graph, _: any(map(_is_rotated_often, graph.using(secret, SECRET_ROTATION, by="secretId")))
    ),
)

rotation_in_90_days = ResourceRule(
    name="rotation-in-90-days",
    description="Secret rotations run at least every 90 days",
    severity=Severity.LOW,
    levels=Levels.REPORTED,
    controls=controls("CHECKOV: CKV_AWS_304"),
    types=(SECRET_ROTATION,),
    message="rotationRules.automaticallyAfterDays is above 90 or absent; lower it",
    check=lambda rotation, _: _is_rotated_often(rotation),
)

secret_count = StackRule(
    name="secret-count",
    description="The number of secrets is within the limit of the environment",
    severity=Severity.LOW,
    levels=Levels.WARNS,
    message="more than {bounds.secrets} secrets, each $0.40 a month; combine those that are read together",
    check=at_most("secrets", SECRET),
)

secret_rotated = StackRule(
    name="secret-rotated",
    description="Secrets have automatic rotation",
    severity=Severity.LOW,
    levels=Levels.WARNS_WHERE_KEPT,
    controls=controls("FSBP: SecretsManager.1; NAG: SMG4; CHECKOV: CKV2_AWS_57"),
    message="no SecretRotation replaces the secret; add one, or replace it manually as in docs/operations.md",
    check=for_each(SECRET)(lambda secret, graph, _: bool(graph.using(secret, SECRET_ROTATION, by="secretId"))),
)
