"""Resource policies of functions: each version and alias has its own, where moto keeps one for all of them.

https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html, API_AddPermission.html and API_RemovePermission.html
"""

import json
from typing import Any
from urllib.parse import unquote

from moto.awslambda.exceptions import GenericResourcNotFound, LambdaClientError
from moto.awslambda.responses import LambdaResponse


def patch_function_policies() -> None:
    """Have GetPolicy, AddPermission and RemovePermission keep to the qualifier that the call names."""
    responses: Any = LambdaResponse
    add = responses.add_permission

    def add_permission(handler: Any) -> Any:
        policy, resource = _policy(handler, -2)
        statement_id = json.loads(handler.body).get("StatementId")
        if any(each["Sid"] == statement_id for each in _statements(policy, resource)):
            raise _error(
                409,
                "ResourceConflictException",
                f"The statement id ({statement_id}) provided already exists. Please provide a new statement id, or"
                " remove the existing statement.",
            )
        return add(handler)

    responses.add_permission = add_permission
    responses.get_policy = _get_policy
    responses.remove_permission = _remove_permission


def _get_policy(handler: Any) -> str:
    policy, resource = _policy(handler, -2)
    statements = _statements(policy, resource)
    if not statements:
        raise GenericResourcNotFound
    document = {"Version": "2012-10-17", "Id": "default", "Statement": statements}
    return json.dumps({"Policy": json.dumps(document), "RevisionId": policy.revision})


def _remove_permission(handler: Any) -> tuple[int, dict[str, Any], str]:
    policy, resource = _policy(handler, -3)
    statement_id = unquote(handler.path.split("/")[-1])
    found = [each for each in _statements(policy, resource) if each["Sid"] == statement_id]
    if not found:
        message = f"Statement {statement_id} is not found in resource policy."
        raise _error(404, "ResourceNotFoundException", message)
    revision = handler.querystring.get("RevisionId", [""])[0]
    if revision and revision != policy.revision:
        raise _error(
            412, "PreconditionFailedException", "The RevisionId provided does not match the latest RevisionId."
        )
    policy.statements.remove(found[0])
    return 204, {"status": 204}, ""


def _policy(handler: Any, position: int) -> tuple[Any, str]:
    """The policy that moto keeps for a function, and the ARN of the part of it that the call is about."""
    name = unquote(handler.path.split("/")[position])
    qualifier = handler.querystring.get("Qualifier", [None])[0]
    function = handler.backend.get_function(name, qualifier)
    latest = handler.backend.get_function(function.function_name)
    qualified = qualifier and qualifier != "$LATEST"
    return latest.policy, f"{latest.function_arn.removesuffix(':$LATEST')}{f':{qualifier}' if qualified else ''}"


def _statements(policy: Any, resource: str) -> list[dict[str, Any]]:
    return [each for each in policy.statements if each["Resource"] == resource]


def _error(status: int, code: str, message: str) -> LambdaClientError:
    error = LambdaClientError(code, message)
    error.code = status
    return error
