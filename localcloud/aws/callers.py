"""Who calls: the user or assumed role behind an access key, with its secret and its policy documents."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from botocore.credentials import Credentials
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from localcloud.aws.administrator import PARTITION as PARTITION


@dataclass(frozen=True)
class Caller:
    """A caller known to the embedded AWS."""

    arn: str
    credentials: Credentials
    documents: tuple[str, ...]
    expires: datetime | None = None
    limits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Policies that must allow a call, too, by what they are: a permissions boundary, a session policy."""

    @property
    def expired(self) -> bool:
        """Whether temporary credentials have ended."""
        return self.expires is not None and self.expires <= datetime.now(UTC)


def find_caller(account_id: str, access_key_id: str) -> Caller | None:
    """The caller behind an access key, None where no user or assumed role has it."""
    iam = iam_backends[account_id][PARTITION]
    for user in list(iam.users.values()):
        for key in user.access_keys:
            if key.access_key_id == access_key_id and key.status == "Active":
                secret = Credentials(access_key_id, key.secret_access_key)
                return Caller(user.arn, secret, tuple(_documents_of_user(iam, user)))
    for session in reversed(sts_backends[account_id][PARTITION].assumed_roles):
        if session.access_key_id == access_key_id:
            return _assumed(iam, account_id, session)
    return None


def _assumed(iam: Any, account_id: str, session: Any) -> Caller:
    role_name = session.role_arn.rpartition("/")[2]
    role = next((role for role in list(iam.roles.values()) if role.name == role_name), None)
    return Caller(
        arn=f"arn:{PARTITION}:sts::{account_id}:assumed-role/{role_name}/{session.session_name}",
        credentials=Credentials(session.access_key_id, session.secret_access_key, session.session_token),
        documents=() if role is None else (*role.policies.values(), *map(_document, role.managed_policies.values())),
        expires=session.expiration.replace(tzinfo=UTC),
        limits=dict(_limits(iam, role, session)),
    )


def _limits(iam: Any, role: Any, session: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    if role is not None and role.permissions_boundary_arn:
        boundary = iam.managed_policies.get(role.permissions_boundary_arn)
        yield "permissions boundary", () if boundary is None else (_document(boundary),)
    if session.policy:
        yield "session policy", (session.policy,)


def _documents_of_user(iam: Any, user: Any) -> Iterator[str]:
    yield from user.policies.values()
    yield from map(_document, user.managed_policies.values())
    for group in iam.get_groups_for_user(user.name):
        yield from group.policies.values()
        yield from map(_document, group.managed_policies.values())


def _document(policy: Any) -> str:
    return str(next(version.document for version in policy.versions if version.is_default))
