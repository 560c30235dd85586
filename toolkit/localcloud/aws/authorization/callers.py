"""Callers: the user or assumed role of an access key, with its secret and its policy documents."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from botocore.credentials import Credentials
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from toolkit.localcloud.aws.administrator import PARTITION as PARTITION
from toolkit.policy.iam.evaluation import BOUNDARY, SESSION
from toolkit.policy.iam.principals import Principal


@dataclass(frozen=True)
class Caller:
    """A caller known to the embedded AWS."""

    arn: str
    credentials: Credentials
    documents: tuple[str, ...]
    expires: datetime | None = None
    limits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Policies that must also allow a call, by kind: a permissions boundary, a session policy."""
    principal: Principal = field(default_factory=Principal)
    tags: Mapping[str, str] = field(default_factory=dict)
    """Of the user, or of the role and its session."""
    issued: datetime | None = None

    @property
    def expired(self) -> bool:
        """Return whether temporary credentials have expired."""
        return self.expires is not None and self.expires <= datetime.now(UTC)


def find_caller(account_id: str, access_key_id: str) -> Caller | None:
    """Return the caller with an access key, None where no user or assumed role has it."""
    iam = iam_backends[account_id][PARTITION]
    for user in list(iam.users.values()):
        for key in user.access_keys:
            if key.access_key_id == access_key_id and key.status == "Active":
                return _user(iam, account_id, user, Credentials(access_key_id, key.secret_access_key))
    for session in reversed(sts_backends[account_id][PARTITION].assumed_roles):
        if session.access_key_id == access_key_id:
            return _assumed(iam, account_id, session)
    return None


def _user(iam: Any, account_id: str, user: Any, credentials: Credentials) -> Caller:
    return Caller(
        user.arn,
        credentials,
        tuple(_documents_of_user(iam, user)),
        limits=dict(_boundary(iam, user)),
        principal=Principal(user.arn, account_id, unique_id=user.id),
        tags=_by_name(user.tags),
    )


def caller_with_role(account_id: str, role: Any) -> Caller:
    """Return the caller that a new session of a role would be."""
    arn = f"arn:{PARTITION}:sts::{account_id}:assumed-role/{role.name}/session"
    return Caller(
        arn,
        Credentials("", ""),
        _documents_of_role(role),
        limits=dict(_boundary(iam_backends[account_id][PARTITION], role)),
        principal=Principal(arn, account_id, role.arn, unique_id=role.id),
        tags=_by_name(role.tags),
    )


def _assumed(iam: Any, account_id: str, session: Any) -> Caller:
    role_name = session.role_arn.rpartition("/")[2]
    role = next((role for role in list(iam.roles.values()) if role.name == role_name), None)
    arn = f"arn:{PARTITION}:sts::{account_id}:assumed-role/{role_name}/{session.session_name}"
    return Caller(
        arn=arn,
        credentials=Credentials(session.access_key_id, session.secret_access_key, session.session_token),
        documents=() if role is None else _documents_of_role(role),
        expires=session.expiration.replace(tzinfo=UTC),
        limits={**dict(_boundary(iam, role)), **dict(_session_policy(iam, session))},
        principal=Principal(arn, account_id, session.role_arn, unique_id="" if role is None else role.id),
        tags={**_by_name(getattr(role, "tags", {})), **getattr(session, "session_tags", {})},
        issued=getattr(session, "issued", None),
    )


def _boundary(iam: Any, holder: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    arn = getattr(holder, "permissions_boundary_arn", None)
    if arn:
        boundary = iam.managed_policies.get(arn)
        yield BOUNDARY, () if boundary is None else (_document(boundary),)


def _session_policy(iam: Any, session: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The inline policy and the managed policies of a session; one that does not exist allows nothing."""
    arns = getattr(session, "policy_arns", ())
    found = [_document(policy) for arn in arns if (policy := iam.managed_policies.get(arn)) is not None]
    documents = (*([session.policy] if session.policy else []), *found)
    if documents or arns:
        yield SESSION, documents


def _by_name(tags: Any) -> dict[str, str]:
    listed = tags.values() if isinstance(tags, Mapping) else tags or ()
    return {str(tag["Key"]): str(tag["Value"]) for tag in listed}


def _documents_of_user(iam: Any, user: Any) -> Iterator[str]:
    yield from user.policies.values()
    yield from map(_document, user.managed_policies.values())
    for group in iam.get_groups_for_user(user.name):
        yield from group.policies.values()
        yield from map(_document, group.managed_policies.values())


def _documents_of_role(role: Any) -> tuple[str, ...]:
    return (*role.policies.values(), *map(_document, role.managed_policies.values()))


def _document(policy: Any) -> str:
    return str(next(version.document for version in policy.versions if version.is_default))
