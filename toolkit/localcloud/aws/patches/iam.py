"""Patches of moto's IAM: the permissions boundary of a user."""

from collections.abc import Callable
from typing import Any

from moto.core.responses import EmptyResult
from moto.iam.responses import IamResponse

from toolkit.localcloud.aws.patches import wrap
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.core.responses:EmptyResult",
    "moto.iam.models:IAMBackend.get_user",
    "moto.iam.models:Role.permissions_boundary_arn",
    "moto.iam.responses:IamResponse.backend",
    "moto.iam.responses:IamResponse.create_user",
)
ADDED_NAMES = (
    "moto.iam.responses:IamResponse.delete_user_permissions_boundary",
    "moto.iam.responses:IamResponse.put_user_permissions_boundary",
)
"""The parts that moto lacks."""


def patch_iam() -> None:
    """Keep a user's permissions boundary; add PutUserPermissionsBoundary and DeleteUserPermissionsBoundary."""
    responses: Any = IamResponse
    wrap(IamResponse, "create_user", _create_user)
    responses.put_user_permissions_boundary = lambda handler: _set_boundary(
        handler, handler.params["PermissionsBoundary"]
    )
    responses.delete_user_permissions_boundary = lambda handler: _set_boundary(handler, None)


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
