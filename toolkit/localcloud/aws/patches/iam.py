"""Patches of moto's IAM: the permissions boundary of a user, and the quotas of policies.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from collections.abc import Callable
from typing import Any

from moto.core.responses import EmptyResult
from moto.iam.exceptions import LimitExceededException
from moto.iam.responses import IamResponse

from toolkit.localcloud.aws.patches import wrap
from toolkit.private_names import require_private_names
from toolkit.resource_types import quotas

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.core.responses:EmptyResult",
    "moto.iam.models:IAMBackend.get_role",
    "moto.iam.models:IAMBackend.get_user",
    "moto.iam.models:Role.managed_policies",
    "moto.iam.models:Role.permissions_boundary_arn",
    "moto.iam.models:Role.policies",
    "moto.iam.responses:IamResponse.attach_role_policy",
    "moto.iam.responses:IamResponse.backend",
    "moto.iam.responses:IamResponse.create_policy",
    "moto.iam.responses:IamResponse.create_policy_version",
    "moto.iam.responses:IamResponse.create_role",
    "moto.iam.responses:IamResponse.create_user",
    "moto.iam.responses:IamResponse.put_role_policy",
    "moto.iam.responses:IamResponse.update_assume_role_policy",
)
ADDED_NAMES = (
    "moto.iam.responses:IamResponse.delete_user_permissions_boundary",
    "moto.iam.responses:IamResponse.put_user_permissions_boundary",
)
"""The parts that moto lacks."""


def patch_iam() -> None:
    """Keep a user's permissions boundary, add the calls on it, and refuse what exceeds a quota of policies."""
    responses: Any = IamResponse
    managed = "PolicySize", quotas.MANAGED_POLICY_BYTES
    wrap(IamResponse, "create_policy", _within("PolicyDocument", *managed))
    wrap(IamResponse, "create_policy_version", _within("PolicyDocument", *managed))
    trust = "ACLSizePerRole", quotas.TRUST_POLICY_BYTES
    wrap(IamResponse, "create_role", _within("AssumeRolePolicyDocument", *trust))
    wrap(IamResponse, "update_assume_role_policy", _within("PolicyDocument", *trust))
    wrap(IamResponse, "put_role_policy", _put_role_policy)
    wrap(IamResponse, "attach_role_policy", _attach_role_policy)
    wrap(IamResponse, "create_user", _create_user)
    responses.put_user_permissions_boundary = lambda handler: _set_boundary(
        handler, handler.params["PermissionsBoundary"]
    )
    responses.delete_user_permissions_boundary = lambda handler: _set_boundary(handler, None)


def _within(parameter: str, quota: str, limit: int) -> Callable[..., Any]:
    """Return the replacement of a call that refuses a document of more characters than a quota."""

    def check(call: Callable[[Any], Any], handler: Any) -> Any:
        if quotas.policy_bytes(str(handler.params.get(parameter, ""))) > limit:
            raise LimitExceededException(f"Cannot exceed quota for {quota}: {limit}")
        return call(handler)

    return check


def _put_role_policy(put: Callable[[Any], Any], handler: Any) -> Any:
    name, new = handler.params["RoleName"], handler.params["PolicyName"]
    kept = [document for each, document in handler.backend.get_role(name).policies.items() if each != new]
    if sum(map(quotas.policy_bytes, (*kept, handler.params["PolicyDocument"]))) > quotas.INLINE_POLICIES_BYTES:
        message = f"Maximum policy size of {quotas.INLINE_POLICIES_BYTES} bytes exceeded for role {name}"
        raise LimitExceededException(message)
    return put(handler)


def _attach_role_policy(attach: Callable[[Any], Any], handler: Any) -> Any:
    attached = {*handler.backend.get_role(handler.params["RoleName"]).managed_policies, handler.params["PolicyArn"]}
    if len(attached) > quotas.MANAGED_POLICIES:
        raise LimitExceededException(f"Cannot exceed quota for PoliciesPerRole: {quotas.MANAGED_POLICIES}")
    return attach(handler)


def _create_user(create: Callable[[Any], Any], handler: Any) -> Any:
    answer = create(handler)
    _set_boundary(handler, handler.params.get("PermissionsBoundary"))
    return answer


def _set_boundary(handler: Any, arn: str | None) -> EmptyResult:
    user = handler.backend.get_user(handler.params["UserName"])
    user.permissions_boundary_arn = arn
    user.permissions_boundary = arn and {
        "PermissionsBoundaryType": "PermissionsBoundaryPolicy",
        "PermissionsBoundaryArn": arn,
    }
    return EmptyResult()
