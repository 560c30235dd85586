"""Patches of moto's Lambda: the concurrency quota, code locations, logging settings and resource policies.

https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html, API_AddPermission.html and API_RemovePermission.html
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from moto.awslambda.exceptions import GenericResourcNotFound, InvalidParameterValueException, LambdaClientError
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.awslambda.urls import url_paths

from toolkit.localcloud.aws.administrator import administrator_key
from toolkit.localcloud.aws.patches import wrap
from toolkit.localcloud.embedded_client import presign
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.awslambda.models:LambdaBackend.get_function",
    "moto.awslambda.models:LambdaBackend.list_functions",
    "moto.awslambda.models:LambdaBackend.put_function_concurrency",
    "moto.awslambda.models:LambdaFunction.__init__",
    "moto.awslambda.models:LambdaFunction.get_configuration",
    "moto.awslambda.models:LambdaFunction.policy",
    "moto.awslambda.models:LambdaFunction.reserved_concurrency",
    "moto.awslambda.models:LambdaFunction.update_configuration",
    "moto.awslambda.policy:Policy.revision",
    "moto.awslambda.policy:Policy.statements",
    "moto.awslambda.responses:LambdaResponse.add_permission",
    "moto.awslambda.responses:LambdaResponse.get_function",
    "moto.awslambda.responses:LambdaResponse.get_policy",
    "moto.awslambda.responses:LambdaResponse.remove_permission",
    "moto.awslambda.urls:url_paths",
)
ADDED_NAMES = (
    "moto.awslambda.models:LambdaBackend.concurrency_quota",
    "moto.awslambda.models:LambdaFunction.kept_settings",
    "moto.awslambda.responses:LambdaResponse.get_account_settings",
)
"""The parts that moto lacks."""
DEFAULT_QUOTA = 1000
_MIN_UNRESERVED = 100
KEPT_SETTINGS = ("DeadLetterConfig", "LoggingConfig")


def patch_lambda() -> None:
    """Apply the patches of this module."""
    patch_concurrency_quota()
    wrap(LambdaResponse, "get_function", _get_function)
    _patch_kept_settings()
    _patch_resource_policies()


def patch_concurrency_quota() -> None:
    """Add GetAccountSettings, and have PutFunctionConcurrency refuse what the account's quota does not hold.

    AWS keeps 100 executions unreserved; in an account whose quota is smaller, all of it:
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html and, for a quota of 10,
    https://github.com/aws-samples/one-observability-demo/issues/278
    """
    backend: Any = LambdaBackend
    responses: Any = LambdaResponse
    backend.concurrency_quota = DEFAULT_QUOTA
    wrap(LambdaBackend, "put_function_concurrency", _put_function_concurrency)
    responses.get_account_settings = _account_settings
    url_paths[r"{0}/(?P<api_version>[^/]+)/account-settings/?$"] = LambdaResponse.dispatch


def _put_function_concurrency(
    reserve: Callable[..., Any], backend: Any, function_name: str, reserved_concurrency: str
) -> Any:
    others = sum(_reserved(one) for one in backend.list_functions() if one.function_name != function_name)
    minimum = min(_MIN_UNRESERVED, backend.concurrency_quota)
    if backend.concurrency_quota - others - int(reserved_concurrency) < minimum:
        raise InvalidParameterValueException(
            "Specified ReservedConcurrentExecutions for function decreases account's "
            f"UnreservedConcurrentExecution below its minimum value of [{minimum}]."
        )
    return reserve(backend, function_name, reserved_concurrency)


def _account_settings(handler: Any) -> tuple[int, dict[str, str], str]:
    functions, quota = list(handler.backend.list_functions()), handler.backend.concurrency_quota
    limit = {
        "ConcurrentExecutions": quota,
        "UnreservedConcurrentExecutions": quota - sum(map(_reserved, functions)),
    }
    return 200, {}, json.dumps({"AccountLimit": limit, "AccountUsage": {"FunctionCount": len(functions)}})


def _reserved(function: Any) -> int:
    return int(function.reserved_concurrency or 0)


def _get_function(get: Callable[[Any], str], handler: Any) -> str:
    """Return a URL from which the embedded AWS serves the zip; moto's leads nowhere."""
    document = json.loads(get(handler))
    configuration = document["Configuration"]
    path = f"{configuration['FunctionName']}/{configuration['Version']}/code"
    url = f"http://{handler.headers['Host']}/_embedded/functions/{path}"
    document["Code"]["Location"] = presign(url, administrator_key(handler.current_account), handler.region)
    return json.dumps(document)


def _patch_kept_settings() -> None:
    """Keep the settings that moto drops. A published version keeps those that it was published with."""
    function: Any = LambdaFunction
    function.kept_settings = {}
    wrap(LambdaFunction, "__init__", _create)
    wrap(LambdaFunction, "update_configuration", _update_configuration)
    wrap(LambdaFunction, "get_configuration", _get_configuration)


def _create(
    create: Callable[..., None], function: Any, account_id: str, spec: dict[str, Any], *further: Any, **named: Any
) -> None:
    function.kept_settings = {name: spec[name] for name in KEPT_SETTINGS if spec.get(name)}
    create(function, account_id, spec, *further, **named)


def _update_configuration(update: Callable[..., Any], function: Any, changes: dict[str, Any]) -> Any:
    changed = {name: changes[name] for name in KEPT_SETTINGS if name in changes}
    function.kept_settings = {name: value for name, value in {**function.kept_settings, **changed}.items() if value}
    return update(function, changes)


def _get_configuration(get: Callable[..., Any], function: Any, *further: Any, **named: Any) -> Any:
    return {**get(function, *further, **named), **function.kept_settings}


def _patch_resource_policies() -> None:
    """Give each version and alias its own resource policy; moto has one for all of them."""
    responses: Any = LambdaResponse
    wrap(LambdaResponse, "add_permission", _add_permission)
    responses.get_policy = _get_policy
    responses.remove_permission = _remove_permission


def _add_permission(add: Callable[[Any], Any], handler: Any) -> Any:
    policy, resource = _policy(handler, -2)
    statement_id = json.loads(handler.body).get("StatementId")
    if any(each["Sid"] == statement_id for each in _statements(policy, resource)):
        raise lambda_error(
            409,
            "ResourceConflictException",
            f"The statement id ({statement_id}) provided already exists. Please provide a new statement id, or"
            " remove the existing statement.",
        )
    return add(handler)


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
        raise lambda_error(404, "ResourceNotFoundException", message)
    revision = handler.querystring.get("RevisionId", [""])[0]
    if revision and revision != policy.revision:
        raise lambda_error(
            412, "PreconditionFailedException", "The RevisionId provided does not match the latest RevisionId."
        )
    policy.statements.remove(found[0])
    return 204, {"status": 204}, ""


def _policy(handler: Any, position: int) -> tuple[Any, str]:
    """Return moto's policy of a function, and the ARN of the version or alias that the call names."""
    name = unquote(handler.path.split("/")[position])
    qualifier = handler.querystring.get("Qualifier", [None])[0]
    function = handler.backend.get_function(name, qualifier)
    latest = handler.backend.get_function(function.function_name)
    qualified = qualifier and qualifier != "$LATEST"
    return latest.policy, f"{latest.function_arn.removesuffix(':$LATEST')}{f':{qualifier}' if qualified else ''}"


def _statements(policy: Any, resource: str) -> list[dict[str, Any]]:
    return [each for each in policy.statements if each["Resource"] == resource]


def lambda_error(status: int, code: str, message: str) -> LambdaClientError:
    """Return an error of Lambda with its HTTP status."""
    error = LambdaClientError(code, message)
    error.code = status
    return error
