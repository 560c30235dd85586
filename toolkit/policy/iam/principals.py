"""The Principal element of policy documents, and the principals of requests.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any


class Match(IntEnum):
    """Return how closely a Principal element names a principal."""

    NONE = 0
    ACCOUNT = 1
    EVERYONE = 2
    ROLE = 3  # the role of a session
    ITSELF = 4


@dataclass(frozen=True)
class Principal:
    """A principal: a user, a role's session, an AWS service, a federated identity, or an anonymous caller."""

    arn: str = ""
    """Of a user or a session."""
    account_id: str = ""
    role_arn: str = ""
    unique_id: str = ""
    """AIDA… of a user, AROA… of a session's role: what IAM writes after the named principal was deleted."""
    service: str = ""
    federated: str = ""
    canonical_user: str = ""

    @property
    def root_arn(self) -> str:
        """The account's own principal."""
        return f"arn:aws:iam::{self.account_id}:root"


def match(element: Any, principal: Principal) -> Match:
    """Return how closely a Principal (or NotPrincipal) element names a principal."""
    return max((match_entry(kind, value, principal) for kind, value in _entries(element)), default=Match.NONE)


def excepts(element: Any, principal: Principal) -> bool:
    """Return whether NotPrincipal exempts a principal from a Deny: it must also name the account and the role."""
    named = {value for kind, value in _entries(element) if kind == "AWS"}
    if not principal.arn:
        return match(element, principal) is not Match.NONE
    account = bool(named & {principal.account_id, principal.root_arn, "*"})
    others = {arn for arn in (principal.arn, principal.role_arn) if arn}
    return "*" in named or (account and others <= named)


def services(element: Any) -> Iterator[str]:
    """Yield the AWS services that a Principal element names."""
    yield from (value for kind, value in _entries(element) if kind == "Service")


def _entries(element: Any) -> Iterator[tuple[str, str]]:
    if isinstance(element, str):
        yield "*", element
    elif isinstance(element, Mapping):
        for kind, values in element.items():
            yield from ((kind, str(value)) for value in (values if isinstance(values, list) else [values]))


def match_entry(kind: str, value: str, principal: Principal) -> Match:
    """Return how closely one entry of a Principal element, such as AWS and an ARN, names a principal."""
    if kind == "*":
        return Match.EVERYONE if value == "*" else Match.NONE
    if kind == "Service":
        return Match.ITSELF if value == principal.service != "" else Match.NONE
    if kind == "Federated":
        return Match.ITSELF if value == principal.federated != "" else Match.NONE
    if kind == "CanonicalUser":
        return Match.ACCOUNT if value == principal.canonical_user != "" else Match.NONE
    if kind != "AWS" or principal.federated:
        return Match.NONE
    if value == "*":
        return Match.EVERYONE
    if principal.service or not principal.arn:
        return Match.NONE
    if value == principal.arn or (value == principal.unique_id and not principal.role_arn):
        return Match.ITSELF
    if value in {principal.role_arn, principal.unique_id}:
        return Match.ROLE
    return Match.ACCOUNT if value in {principal.account_id, principal.root_arn} else Match.NONE
