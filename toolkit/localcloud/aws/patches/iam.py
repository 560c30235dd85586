"""What moto forgets of identities: a session's tags and managed policies, and a user's permissions boundary."""

from typing import Any

from moto.core.responses import EmptyResult
from moto.core.utils import utcnow
from moto.iam.responses import IamResponse
from moto.sts.responses import TokenResponse


def patch_sessions() -> None:
    """Have AssumeRole and the calls for a user's boundary keep it for the evaluation of later calls."""
    tokens: Any = TokenResponse
    users: Any = IamResponse
    assume, create = tokens.assume_role, users.create_user

    def assume_role(handler: Any) -> Any:
        answer = assume(handler)
        session, given = answer.result["Credentials"], handler.params
        session.session_tags = {tag["Key"]: tag["Value"] for tag in given.get("Tags") or ()}
        session.policy_arns = tuple(policy["arn"] for policy in given.get("PolicyArns") or ())
        session.issued = utcnow()
        return answer

    def create_user(handler: Any) -> Any:
        answer = create(handler)
        _bound(handler, handler.params.get("PermissionsBoundary"))
        return answer

    tokens.assume_role = assume_role
    users.create_user = create_user
    users.put_user_permissions_boundary = lambda handler: _bound(handler, handler.params["PermissionsBoundary"])
    users.delete_user_permissions_boundary = lambda handler: _bound(handler, None)


def _bound(handler: Any, arn: str | None) -> EmptyResult:
    user = handler.backend.get_user(handler.params["UserName"])
    user.permissions_boundary_arn = arn
    user.permissions_boundary = arn and {
        "PermissionsBoundaryType": "PermissionsBoundaryPolicy",
        "PermissionsBoundaryArn": arn,
    }
    return EmptyResult()
