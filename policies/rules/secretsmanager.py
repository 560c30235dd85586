"""Rules on Secrets Manager secrets."""

from policies.bounds import bounds_of
from toolkit.policy.iam.documents import every_statement, open_to_anyone, statements
from toolkit.policy.rule import Levels, ResourceRule, Severity, controls
from toolkit.policy.stack import Stack
from toolkit.resource_types.secretsmanager import SECRET, SECRET_POLICY
from toolkit.stacks.facts import Facts

_DEFAULT_RECOVERY = 30


def _recoverable(secret: Facts, stack: Stack) -> bool:
    return secret.number("recoveryWindowInDays", _DEFAULT_RECOVERY) >= bounds_of(stack).secret_recovery_days


secret_cmk = ResourceRule(
    name="secret-cmk",
    description="Secrets are encrypted with a customer managed KMS key",
    severity=Severity.LOW,
    levels=Levels.WARNS_WHERE_KEPT,
    controls=controls("CHECKOV: CKV_AWS_149; GUARD: secretsmanager_using_cmk"),
    types=(SECRET,),
    checks={
        "kmsKeyId is absent; set it to a customer managed key, which costs a dollar a month": lambda secret, _: (
            secret.has("kmsKeyId")
        )
    },
)

secret_recovery = ResourceRule(
    name="secret-recovery",
    description="Deleted secrets can be restored during a recovery window",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS_WHERE_KEPT,
    types=(SECRET,),
    checks={"recoveryWindowInDays is less than {bounds.secret_recovery_days}; raise it": _recoverable},
)

secret_policy_not_public = ResourceRule(
    name="secret-policy-not-public",
    description="Secret policies do not allow public access",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    controls=controls("CIS7: 2.21"),
    types=(SECRET, SECRET_POLICY),
    checks={
        "a statement allows any principal; name the principals": lambda secret, _: every_statement(
            statements(secret, "policy"), lambda each: not open_to_anyone(each)
        )
    },
)
