"""Rules on IAM roles, users and attachments."""

import re

from toolkit.policy.iam.accounts import principals_are_own, sources_are_own
from toolkit.policy.iam.documents import Statement, every_statement, statements
from toolkit.policy.iam.role_policies import ATTACHMENTS
from toolkit.policy.rule import Levels, ResourceRule, Severity, controls
from toolkit.policy.stack import Stack
from toolkit.resource_types.iam import ACCESS_KEY, ROLE, USER
from toolkit.stacks.inputs import Inputs, Violations

_BROAD = re.compile(r"arn:[^:]*:iam::aws:policy/(.*/)?([^/]*(FullAccess|Administrator)[^/]*|PowerUserAccess)")
_SENDS_NO_SOURCE = ("cloudtrail.amazonaws.com",)
"""Assumes a role with neither aws:SourceArn nor aws:SourceAccount, so a condition on them fails CreateTrail.

AWS does not document it; see https://github.com/prowler-cloud/prowler/issues/4714 (read 2026-11-30).
"""
_TRUSTED_WITHOUT_SOURCE = ("lambda.amazonaws.com", "edgelambda.amazonaws.com", "ec2.amazonaws.com", *_SENDS_NO_SOURCE)
"""These assume roles of their own account only, and need no condition."""


def trust(role: Inputs) -> tuple[Statement, ...]:
    """Return the statements of the trust policy."""
    return statements(role, "assumeRolePolicy")


def services_of(statement: Statement) -> list[str]:
    """Return the services that may assume the role by the statement."""
    return [name for kind, name in statement.principals if kind == "Service"]


def _in_own_accounts(role: Inputs, stack: Stack) -> bool | Violations:
    own = stack.ownership.trusted_accounts(role)
    return every_statement(
        trust(role), lambda each: (each.allows and each.has_any_principal) or principals_are_own(each, own)
    )


def _own_sources(role: Inputs, stack: Stack) -> bool | Violations:
    own = stack.ownership.trusted_accounts(role)
    return every_statement(trust(role), lambda each: sources_are_own(each, own))


def _one_kind_of_caller(role: Inputs, _stack: Stack) -> bool:
    allowed = [each for each in trust(role) if each.allows]
    services = {name.removeprefix("edge") for each in allowed for name in services_of(each)}
    federated = any(kind == "Federated" for each in allowed for kind, _ in each.principals)
    return len(services) + federated <= 1


def _names_its_source(statement: Statement) -> bool:
    confusable = [name for name in services_of(statement) if name not in _TRUSTED_WITHOUT_SOURCE]
    return not (statement.allows and confusable) or statement.limits_source


def _cloudtrail_can_assume(statement: Statement) -> bool:
    silent = any(name in _SENDS_NO_SOURCE for name in services_of(statement))
    return not (statement.allows and silent and statement.limits_source)


iam_no_broad_managed = ResourceRule(
    name="iam-no-broad-managed",
    description="IAM roles have no AWS managed policy with full access",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    controls=controls("CHECKOV: CKV_AWS_274, CKV2_AWS_56; GUARD: iam_role_administrator_access_policy_rule"),
    types=ATTACHMENTS,
    message="policyArn is an AWS managed policy with administrator, power user or full access; write one with the "
    "needed calls",
    check=lambda attachment, _: _BROAD.fullmatch(attachment.text("policyArn")) is None,
)

iam_role_policies_apart = ResourceRule(
    name="iam-role-policies-apart",
    description="IAM roles have their policies as separate resources",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    types=(ROLE,),
    message="inlinePolicies or managedPolicyArns is set on the role; use RolePolicy and RolePolicyAttachment",
    check=lambda role, _: not (role.has("inlinePolicies") or role.has("managedPolicyArns")),
)

iam_trust_limited = ResourceRule(
    name="iam-trust-limited",
    description="Trust policies allow one service or principals of the same account",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    controls=controls("CHECKOV: CKV_AWS_60, CKV_AWS_61; GUARD: iam_role_no_full_access_on_trust_policy"),
    types=(ROLE,),
    checks={
        "assumeRolePolicy lets any principal assume the role; name the principals": lambda role, _: every_statement(
            trust(role), lambda each: not (each.allows and each.has_any_principal)
        ),
        "assumeRolePolicy lets another account assume the role; name principals of this account": _in_own_accounts,
        "assumeRolePolicy lets several services, or a service and a federated identity, assume the role; create a "
        "role for each": _one_kind_of_caller,
    },
)

iam_trust_confused_deputy = ResourceRule(
    name="iam-trust-confused-deputy",
    description="Trust policies limit AWS services to requests for the same account",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("PROWLER: iam_role_cross_service_confused_deputy_prevention"),
    types=(ROLE,),
    checks={
        "assumeRolePolicy trusts a service without aws:SourceAccount or aws:SourceArn; add the condition": (
            lambda role, _: every_statement(trust(role), _names_its_source)
        ),
        "assumeRolePolicy trusts a service that acts for another account; limit aws:SourceAccount or aws:SourceArn "
        "to this account": _own_sources,
        "assumeRolePolicy requires aws:SourceArn or aws:SourceAccount, which CloudTrail does not send; remove the "
        "condition": (lambda role, _: every_statement(trust(role), _cloudtrail_can_assume)),
    },
)

iam_no_users = ResourceRule(
    name="iam-no-users",
    description="The stack has no IAM users and no access keys",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    controls=controls("FSBP: IAM.2, IAM.3; CIS3: 1.15; CIS5: 1.14; CIS7: 2.13; CHECKOV: CKV_AWS_273, CKV_AWS_40"),
    types=(USER, ACCESS_KEY),
    message="the resource is an IAM user or access key, whose credentials do not expire; use a role",
    check=lambda *_: False,
)
