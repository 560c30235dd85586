"""The accounts that the principals and conditions of a policy statement name."""

import re
from collections.abc import Mapping

from toolkit.policy.iam.conditions import Condition
from toolkit.policy.iam.documents import CALLER_KEYS, SOURCE_KEYS, Statement

AWS_SERVICES: Mapping[str, str] = {
    "127311923021": "Elastic Load Balancing in us-east-1 writes access logs",
    "054676820928": "Elastic Load Balancing in eu-central-1 writes access logs",
    "cloudfront": "an origin access identity of CloudFront reads a bucket",
}
"""Accounts of AWS, for the services that have no service principal for the purpose.

https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/attach-bucket-policy.html and
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html,
read 2026-11-30.
"""

SERVICES_WITHOUT_SOURCE: Mapping[str, frozenset[str]] = {
    # https://repost.aws/knowledge-center/lambda-ecr-image, read 2026-11-30: Lambda pulls images of its own account
    # by a statement without a condition, which it also writes itself.
    "aws:ecr/repositoryPolicy:RepositoryPolicy": frozenset({"lambda.amazonaws.com"}),
}
"""By resource type, the services that AWS documents without a condition on the source."""
_ACCOUNT = re.compile(r"\d{12}")
_ARN_ACCOUNT = 4
_ARN_PARTS = 6
_BY_ACCOUNT = frozenset({"aws:sourceaccount", "aws:sourceowner", "aws:principalaccount", "kms:calleraccount"})
_BY_ARN = frozenset({"aws:sourcearn", "aws:principalarn"})
_CONTEXT = "kms:encryptioncontext:aws:"
"""KMS passes the ARN of the log group or trail as encryption context."""


def account_of(name: str) -> str:
    """Return the account in a principal or an ARN; empty where it names none."""
    if _ACCOUNT.fullmatch(name):
        return name
    parts = name.split(":", _ARN_PARTS - 1)
    return parts[_ARN_ACCOUNT] if parts[0] == "arn" and len(parts) == _ARN_PARTS else ""


def is_own(name: str, own: frozenset[str]) -> bool:
    """Return whether the principal or ARN is of one of these accounts, or of an account of AWS's services.

    Where no account is known, none is foreign: a rule on the provider reports that.
    """
    return not own or account_of(name) in own | AWS_SERVICES.keys()


def principals_are_own(statement: Statement, own: frozenset[str]) -> bool:
    """Return whether every principal except services is of these accounts, or is limited to them by a condition."""
    if not statement.allows:
        return True
    callers = [(kind, name) for kind, name in statement.principals if kind != "Service"]
    return all(_caller_is_own(kind, name, own) for kind, name in callers) or _limited(statement, CALLER_KEYS, own)


def sources_are_own(statement: Statement, own: frozenset[str]) -> bool:
    """Return whether the services act for these accounts, where the statement limits the source."""
    services = any(kind == "Service" for kind, _ in statement.principals)
    if not (statement.allows and services):
        return True
    keys = {*SOURCE_KEYS, "kms:calleraccount", *(each.key for each in statement.conditions if _is_context(each.key))}
    return all(_names_own_accounts(each, own) for each in statement.restrictions(*keys))


def limits_sources(statement: Statement, exempt: frozenset[str]) -> bool:
    """Return whether the statement limits the source of all services that are not exempt."""
    services = [name for kind, name in statement.principals if kind == "Service" and name not in exempt]
    return not (statement.allows and services) or statement.limits_source


def _caller_is_own(kind: str, name: str, own: frozenset[str]) -> bool:
    """Compare the account; an identity provider of the web, such as Cognito's, has none."""
    if kind == "Federated" and not name.startswith("arn:"):
        return True
    return kind in {"AWS", "Federated"} and is_own(name, own)


def _limited(statement: Statement, keys: frozenset[str], own: frozenset[str]) -> bool:
    return any(_names_own_accounts(each, own) for each in statement.restrictions(*keys))


def _names_own_accounts(condition: Condition, own: frozenset[str]) -> bool:
    return all(_value_is_own(condition, value, own) for value in condition.values)


def _value_is_own(condition: Condition, value: str, own: frozenset[str]) -> bool:
    if condition.key in _BY_ACCOUNT:
        return is_own(value, own)
    if condition.key in _BY_ARN or _is_context(condition.key):
        # The ARN of a bucket or of an API Gateway resource has no account.
        return is_own(value, own) or not account_of(value)
    return True


def _is_context(key: str) -> bool:
    return key.startswith(_CONTEXT) and key.endswith(":arn")
