"""Rules on Secrets Manager secrets."""

from policies.bounds import bounds_of
from toolkit.policy.iam.documents import every_statement, open_to_anyone, statements
from toolkit.policy.rule import BLOCKS, BLOCKS_WHERE_KEPT, WARNS_WHERE_KEPT, ResourceRule, Severity, controls
from toolkit.policy.stack import Stack
from toolkit.resource_types.secretsmanager import SECRET, SECRET_POLICY
from toolkit.stacks.facts import Facts

_DEFAULT_RECOVERY = 30


def _recoverable(secret: Facts, stack: Stack) -> bool:
    return secret.number("recoveryWindowInDays", _DEFAULT_RECOVERY) >= bounds_of(stack).secret_recovery_days


secret_cmk = ResourceRule(
    name="secret-cmk",
    says="Secrets are encrypted with a key of the account, whose policy says who may read them.",
    severity=Severity.LOW,
    levels=WARNS_WHERE_KEPT,
    controls=controls("CHECKOV: CKV_AWS_149; GUARD: secretsmanager_using_cmk"),
    types=(SECRET,),
    checks={"kmsKeyId is absent; a key of its own costs a dollar a month": lambda secret, _: secret.has("kmsKeyId")},
)

secret_recovery = ResourceRule(
    name="secret-recovery",
    says="A secret that was deleted by mistake can be brought back.",
    severity=Severity.MEDIUM,
    levels=BLOCKS_WHERE_KEPT,
    types=(SECRET,),
    checks={"recoveryWindowInDays is less than {bounds.secret_recovery_days}; raise it": _recoverable},
)

secret_policy_not_public = ResourceRule(
    name="secret-policy-not-public",
    says="A secret is read by whom its policy names.",
    severity=Severity.CRITICAL,
    levels=BLOCKS,
    controls=controls("CIS7: 2.21"),
    types=(SECRET, SECRET_POLICY),
    checks={
        "a statement lets everybody in; name the principals": lambda secret, _: every_statement(
            statements(secret, "policy"), lambda each: not open_to_anyone(each)
        )
    },
)
