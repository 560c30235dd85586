"""Rules on KMS keys."""

from policies.bounds import at_most, bounds_of
from toolkit.policy.iam.accounts import account_of, is_own
from toolkit.policy.iam.documents import (
    for_each_statement,
    is_not_public,
    statements,
)
from toolkit.policy.rule import Levels, ResourceRule, Severity, StackRule, controls, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.kms import KEY, KEY_ALIAS, KEY_POLICY
from toolkit.stacks.inputs import Inputs, StackInputs, Violations, every

_DEFAULT_WINDOW = 30


def _root_administers(key: Inputs, stack: Stack) -> bool:
    own = stack.ownership.trusted_accounts(key)
    return not key.has("policy") or any(
        each.allows and each.matches("kms:PutKeyPolicy") and any(_is_root(name, own) for _, name in each.principals)
        for each in statements(key, "policy")
    )


def _is_root(name: str, own: frozenset[str]) -> bool:
    """Return whether the principal is the account's root; the account's number means the same."""
    return is_own(name, own) and (name.endswith(":root") or name == account_of(name))


kms_rotation = ResourceRule(
    name="kms-rotation",
    description="KMS keys have automatic rotation enabled",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    controls=controls("NIST: KMS.4; CIS3: 3.6; CIS5: 3.6; CIS7: 4.6; NAG: KMS5; CHECKOV: CKV_AWS_7"),
    types=(KEY,),
    message="enableKeyRotation is not true; set it to true",
    check=lambda key, _: (
        key.flag("enableKeyRotation") or key.text("customerMasterKeySpec", "SYMMETRIC_DEFAULT") != "SYMMETRIC_DEFAULT"
    ),
)

kms_policy_not_public = ResourceRule(
    name="kms-policy-not-public",
    description="Key policies do not allow public access, and allow the account root",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    controls=controls("FSBP: KMS.5; CIS7: 2.21; CHECKOV: CKV_AWS_33, CKV2_AWS_64; GUARD: kms_no_wildcard_principal"),
    types=(KEY, KEY_POLICY),
    checks={
        "a statement lets any principal use the key; name them, or limit kms:CallerAccount": for_each_statement(
            is_not_public
        ),
        "no statement allows the account root, so the key may become unmanageable; add one": _root_administers,
    },
)

kms_policy_confused_deputy = ResourceRule(
    name="kms-policy-confused-deputy",
    description="Key policies limit AWS services to requests for the same account",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    types=(KEY, KEY_POLICY),
    message="a statement allows a service without aws:SourceAccount, aws:SourceArn or an encryption context; add a "
    "condition",
    check=for_each_statement(
        lambda each: (
            not (each.allows and any(kind == "Service" for kind, _ in each.principals))
            or each.limits_source
            or bool(each.restrictions("kms:encryptioncontext:aws:logs:arn", "kms:viaservice", "kms:calleraccount"))
        )
    ),
)

kms_deletion_window = ResourceRule(
    name="kms-deletion-window",
    description="KMS keys have a sufficient deletion waiting period",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS_WHERE_KEPT,
    controls=controls("FSBP: KMS.3"),
    types=(KEY,),
    message="deletionWindowInDays is less than {bounds.key_deletion_days}; raise it",
    check=lambda key, stack: key.number("deletionWindowInDays", _DEFAULT_WINDOW) >= bounds_of(stack).key_deletion_days,
)


def _used(graph: StackInputs, _stack: Stack) -> bool | Violations:
    used = {
        urn
        for inputs in graph.resources
        if inputs.resource.type != KEY_ALIAS
        for urns in inputs.resource.property_dependencies.values()
        for urn in urns
    }
    return every(graph.of(KEY), lambda key: key.urn in used)


no_orphan_key = StackRule(
    name="no-orphan-key",
    description="KMS keys are used and have an alias",
    severity=Severity.LOW,
    levels=Levels.WARNS,
    checks={
        "no resource of this stack uses the key; remove it": _used,
        "the key has no alias; add one": for_each(KEY)(
            lambda key, graph, _: bool(graph.using(key, KEY_ALIAS, by="targetKeyId"))
        ),
    },
)

kms_enabled = ResourceRule(
    name="kms-enabled",
    description="KMS keys are enabled",
    severity=Severity.LOW,
    levels=Levels.REPORTED,
    controls=controls("CHECKOV: CKV_AWS_227"),
    types=(KEY,),
    message="isEnabled is false; remove it",
    check=lambda key, _: key.flag("isEnabled", default=True),
)

key_count = StackRule(
    name="key-count",
    description="The number of KMS keys is within the limit of the environment",
    severity=Severity.LOW,
    levels=Levels.WARNS,
    message="more than {bounds.keys} keys, each $1 a month; share one where the same principals use it",
    check=at_most("keys", KEY),
)
