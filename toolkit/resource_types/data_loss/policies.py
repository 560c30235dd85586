"""Checks of resource policies that leave an account without access to its resource."""

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from toolkit.resource_types.data_loss.checks import Check, Loss
from toolkit.resource_types.data_loss.values import Values, entries, is_known

_PUT_KEY_POLICY = "kms:PutKeyPolicy"
_OF_ACCOUNT = {"kms:calleraccount", "aws:principalaccount"}
_EQUAL = {"stringequals", "stringequalsifexists", "stringlike", "stringlikeifexists"}
_NEGATED_OPERATORS = {"stringnotequals", "stringnotequalsifexists", "stringnotlike", "stringnotlikeifexists"}
_NEWEST_TLS = 1.3


def key_stays_administrable(*path: str) -> Check:
    """Report a key policy by which no principal of the key's account may change the policy any more.

    Only AWS Support can recover such a key: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    """
    lost = "everything that is encrypted with the key: no principal of the account may use or change it"

    def check(values: Values) -> Iterator[Loss]:
        was, now = values.pair(*path)
        if was == now or now is None:  # without one AWS writes its default policy, by which the account administers
            return
        if not is_known(now):
            yield Loss("gets a key policy that the preview does not know", lost)
        elif not _administrable(now, was):
            yield Loss(f"gets a key policy that lets no principal of the account call {_PUT_KEY_POLICY}", lost)

    return check


def leaves_access(*path: str, service: str) -> Check:
    """Report a policy with a new Deny for every principal that covers reading the data or changing the policy."""
    lost = "access to the data: only the account's root user may be able to remove the policy"

    def check(values: Values) -> Iterator[Loss]:
        was, now = values.pair(*path)
        if was == now or now is None:
            return
        if not is_known(now):
            yield Loss("gets a policy that the preview does not know", lost)
            return
        statements = _statements(now)
        before = _statements(was) or []
        if statements is None:
            yield Loss("gets a policy that is not a JSON document", lost)
        elif any(_locks(each, service) for each in statements if each not in before):
            yield Loss("gets a policy that denies access to every principal", lost)

    return check


def _administrable(policy: Any, before: Any) -> bool:
    statements, old, accounts = _statements(policy), _statements(before) or [], _accounts(before)
    if statements is None:
        return False
    granted = {
        principal
        for each in statements
        if each.get("Effect") == "Allow" and _covers(each, [_PUT_KEY_POLICY]) and _is_open(each, accounts)
        for principal in _principals(each)
        if principal == "*" or not accounts or _account(principal) in accounts
    }
    denied = {
        principal
        for each in statements
        if each.get("Effect") == "Deny" and _covers(each, [_PUT_KEY_POLICY])
        for principal in _principals(each)
        if not each.get("Condition") or (each not in old and _may_deny_all(each, principal, accounts))
    }
    # A Deny for the account's root denies every principal of the account.
    all_denied = "*" in denied or any(_is_root(one) and _account(one) in accounts for one in denied)
    return not all_denied and bool(granted - denied)


def _locks(statement: Mapping[str, Any], service: str) -> bool:
    if statement.get("Effect") != "Deny":
        return False
    everyone = any(one == "*" or _is_root(one) for one in _principals(statement))
    return (
        everyone
        and not _only_denies_insecure_transport(statement)
        and _covers(statement, _DATA.get(service, (f"{service}:*",)))
    )


_DATA = {
    "s3": ("s3:GetObject", "s3:PutBucketPolicy", "s3:ListBucket"),
    "dynamodb": ("dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutResourcePolicy"),
    "secretsmanager": ("secretsmanager:GetSecretValue", "secretsmanager:PutResourcePolicy"),
    "sqs": ("sqs:ReceiveMessage", "sqs:SetQueueAttributes"),
    "ecr": ("ecr:BatchGetImage", "ecr:SetRepositoryPolicy"),
    "backup": ("backup:StartRestoreJob", "backup:PutBackupVaultAccessPolicy"),
    "elasticfilesystem": ("elasticfilesystem:ClientMount", "elasticfilesystem:PutFileSystemPolicy"),
}
"""The actions that reach the data of a service or change the policy."""


def _covers(statement: Mapping[str, Any], actions: Any) -> bool:
    """Return whether the statement is about one of the actions."""
    if "NotAction" in statement:
        left_out = [str(each).lower() for each in entries(statement["NotAction"])]
        return any(not any(fnmatchcase(one.lower(), each) for each in left_out) for one in actions)
    named = [str(each).lower() for each in entries(statement.get("Action"))]
    return any(fnmatchcase(one.lower(), each) for one in actions for each in named)


def _principals(statement: Mapping[str, Any]) -> set[str]:
    """Return the AWS principals: services and federated ones administer nothing, NotPrincipal is every principal."""
    if "NotPrincipal" in statement:
        return {"*"}
    principal = statement.get("Principal")
    if isinstance(principal, Mapping):
        return {str(each) for each in entries(principal.get("AWS"))}
    return {"*"} if principal == "*" else set()


def _only_denies_insecure_transport(statement: Mapping[str, Any]) -> bool:
    """Return whether it only denies calls without TLS or with an old version; other conditions may always hold."""
    condition = statement.get("Condition")
    tests = {str(test).lower(): keys for test, keys in condition.items()} if isinstance(condition, Mapping) else {}
    plain_calls = [
        value
        for test in ("bool", "boolifexists")
        for key, values in _with_lower_case_keys(tests.get(test))
        for value in entries(values)
        if key == "aws:securetransport"
    ]
    versions = [
        value
        for key, values in _with_lower_case_keys(tests.get("numericlessthan"))
        for value in entries(values)
        if key == "s3:tlsversion"
    ]
    is_old = bool(versions) and all(_is_at_most(value, _NEWEST_TLS) for value in versions)
    return is_old or (bool(plain_calls) and not any(plain_calls))


def _is_at_most(value: Any, limit: float) -> bool:
    try:
        return float(value) <= limit
    except (TypeError, ValueError):
        return False


def _with_lower_case_keys(keys: Any) -> list[tuple[str, Any]]:
    return [(str(key).lower(), value) for key, value in keys.items()] if isinstance(keys, Mapping) else []


def _is_open(statement: Mapping[str, Any], accounts: set[str]) -> bool:
    """Return whether an Allow is about the key itself, and has no condition or one that only names these accounts."""
    if not any("*" in str(each) for each in entries(statement.get("Resource"))):
        return False  # the key's own policy names it as *, so this is the ARN of another key
    tests = list(_with_lower_case_keys(statement.get("Condition")))
    return all(test in _EQUAL and _names_account(keys, accounts, only=True) for test, keys in tests)


def _may_deny_all(statement: Mapping[str, Any], principal: str, accounts: set[str]) -> bool:
    """Return whether a Deny with a condition may be about each principal of these accounts."""
    everyone = principal == "*" or _is_root(principal)
    spared = any(
        test in _NEGATED_OPERATORS and _names_account(keys, accounts, only=False)
        for test, keys in _with_lower_case_keys(statement.get("Condition"))
    )
    return everyone and not spared and not _only_denies_insecure_transport(statement)


def _names_account(keys: Any, accounts: set[str], *, only: bool) -> bool:
    """Return whether a condition names the caller's account, and one of these passes; `only` names nothing else."""
    found = [
        key in _OF_ACCOUNT and (not accounts or any(fnmatchcase(one, str(each)) for one in accounts for each in values))
        for key, values in ((key, entries(values)) for key, values in _with_lower_case_keys(keys))
    ]
    return bool(found) and (all(found) if only else any(found))


def _accounts(policy: Any) -> set[str]:
    """Return the accounts with a root user in the policy."""
    named = {one for each in _statements(policy) or [] for one in _principals(each)}
    return {_account(one) for one in named if _is_root(one)}


def _account(principal: str) -> str:
    parts = principal.split(":")
    return parts[4] if len(parts) > 4 else principal


def _is_root(principal: str) -> bool:
    return principal.endswith(":root") or (principal.isdigit() and len(principal) == 12)


def _statements(policy: Any) -> list[Mapping[str, Any]] | None:
    """Return the statements of a document or of its text; None for anything else."""
    try:
        document = json.loads(policy) if isinstance(policy, str) else policy
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, Mapping):
        return None
    found = entries(document.get("Statement"))
    return found if all(isinstance(each, Mapping) for each in found) else None
