"""Rules on KMS keys."""

from policies.bounds import bounds_of
from toolkit.policy.iam.documents import every_statement, open_to_anyone, statements
from toolkit.policy.iam.principals import account_of, is_own
from toolkit.policy.rule import (
    BLOCKS,
    BLOCKS_WHERE_KEPT,
    WARNS,
    WARNS_WHERE_KEPT,
    ResourceRule,
    Severity,
    StackRule,
    controls,
)
from toolkit.policy.stack import Stack
from toolkit.resource_types.kms import KEY, KEY_ALIAS, KEY_POLICY
from toolkit.resource_types.secretsmanager import SECRET, SECRET_ROTATION
from toolkit.stacks.facts import Broken, Facts, GraphFacts, every

_DEFAULT_WINDOW = 30


def _root_administers(key: Facts, stack: Stack) -> bool:
    own = stack.ownership.accounts(key)
    return not key.has("policy") or any(
        each.allows and each.may("kms:PutKeyPolicy") and any(_is_root(name, own) for _, name in each.principals)
        for each in statements(key, "policy")
    )


def _is_root(name: str, own: frozenset[str]) -> bool:
    """A principal that is an account's number stands for the account's root."""
    return is_own(name, own) and (name.endswith(":root") or name == account_of(name))


kms_rotation = ResourceRule(
    name="kms-rotation",
    says="Keys are renewed every year.",
    severity=Severity.MEDIUM,
    levels=BLOCKS,
    controls=controls("NIST: KMS.4; CIS3: 3.6; CIS5: 3.6; CIS7: 4.6; NAG: KMS5; CHECKOV: CKV_AWS_7"),
    types=(KEY,),
    checks={
        "enableKeyRotation is not true; set it": lambda key, _: (
            key.flag("enableKeyRotation")
            or key.text("customerMasterKeySpec", "SYMMETRIC_DEFAULT") != "SYMMETRIC_DEFAULT"
        )
    },
)

kms_policy_not_public = ResourceRule(
    name="kms-policy-not-public",
    says="A key serves whom its policy names, and its account can always change that.",
    severity=Severity.CRITICAL,
    levels=BLOCKS,
    controls=controls("FSBP: KMS.5; CIS7: 2.21; CHECKOV: CKV_AWS_33, CKV2_AWS_64; GUARD: kms_no_wildcard_principal"),
    types=(KEY, KEY_POLICY),
    checks={
        "a statement lets everybody use the key; name the principals, or hold kms:CallerAccount": lambda key, _: (
            every_statement(statements(key, "policy"), lambda each: not open_to_anyone(each))
        ),
        "no statement lets the account's root in; without one nobody may be able to change the key": _root_administers,
    },
)

kms_policy_confused_deputy = ResourceRule(
    name="kms-policy-confused-deputy",
    says="A service uses a key only on behalf of this account.",
    severity=Severity.MEDIUM,
    levels=BLOCKS,
    types=(KEY, KEY_POLICY),
    checks={
        "a statement lets a service in on anybody's behalf; hold aws:SourceAccount, aws:SourceArn or the encryption "
        "context": lambda key, _: every_statement(
            statements(key, "policy"),
            lambda each: (
                not (each.allows and any(kind == "Service" for kind, _ in each.principals))
                or each.limits_source
                or bool(each.pinned("kms:encryptioncontext:aws:logs:arn", "kms:viaservice", "kms:calleraccount"))
            ),
        )
    },
)

kms_deletion_window = ResourceRule(
    name="kms-deletion-window",
    says="A key that was deleted by mistake can be brought back for as long as AWS allows.",
    severity=Severity.HIGH,
    levels=BLOCKS_WHERE_KEPT,
    controls=controls("FSBP: KMS.3"),
    types=(KEY,),
    checks={
        "deletionWindowInDays is less than {bounds.key_deletion_days}; raise it": lambda key, stack: (
            key.number("deletionWindowInDays", _DEFAULT_WINDOW) >= bounds_of(stack).key_deletion_days
        )
    },
)


def _rotated(graph: GraphFacts, _stack: Stack) -> bool | Broken:
    return every(graph.of(SECRET), lambda secret: bool(graph.using(secret, SECRET_ROTATION, by="secretId")))


def _used(graph: GraphFacts, _stack: Stack) -> bool | Broken:
    used = {
        urn
        for facts in graph.resources
        if facts.resource.type != KEY_ALIAS
        for urns in facts.resource.property_dependencies.values()
        for urn in urns
    }
    return every(graph.of(KEY), lambda key: key.urn in used)


def _named(graph: GraphFacts, _stack: Stack) -> bool | Broken:
    return every(graph.of(KEY), lambda key: bool(graph.using(key, KEY_ALIAS, by="targetKeyId")))


secret_rotated = StackRule(
    name="secret-rotated",
    says="Secrets are replaced by themselves, at most every 90 days.",
    severity=Severity.LOW,
    levels=WARNS_WHERE_KEPT,
    controls=controls("FSBP: SecretsManager.1; NAG: SMG4; CHECKOV: CKV2_AWS_57"),
    checks={
        "no SecretRotation replaces the secret; add one, or replace it by hand as docs/operations.md says": _rotated
    },
)

no_orphan_key = StackRule(
    name="no-orphan-key",
    says="Every key is used and has a name; one costs a dollar a month.",
    severity=Severity.LOW,
    levels=WARNS,
    checks={
        "nothing of this stack uses the key; take it away": _used,
        "the key has no alias, so nobody knows what it is for; give it one": _named,
    },
)
