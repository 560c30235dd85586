"""The account's Lambda concurrency, which moto does not limit: GetAccountSettings, and what may be reserved of it."""

import json
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend
from moto.awslambda.responses import LambdaResponse
from moto.awslambda.urls import url_paths

DEFAULT_QUOTA = 1000
_KEPT_UNRESERVED = 100


def patch_concurrency_quota() -> None:
    """Add GetAccountSettings, and have PutFunctionConcurrency refuse what the account's quota does not hold.

    AWS keeps 100 executions unreserved; in an account whose quota is smaller, all of it:
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html and, for a quota of 10,
    https://github.com/aws-samples/one-observability-demo/issues/278
    """
    backend: Any = LambdaBackend
    responses: Any = LambdaResponse
    backend.concurrency_quota = DEFAULT_QUOTA
    reserve = backend.put_function_concurrency

    def checked(self: Any, function_name: str, reserved_concurrency: str) -> Any:
        others = sum(_reserved(one) for one in self.list_functions() if one.function_name != function_name)
        kept = min(_KEPT_UNRESERVED, self.concurrency_quota)
        if self.concurrency_quota - others - int(reserved_concurrency) < kept:
            raise InvalidParameterValueException(
                "Specified ReservedConcurrentExecutions for function decreases account's "
                f"UnreservedConcurrentExecution below its minimum value of [{kept}]."
            )
        return reserve(self, function_name, reserved_concurrency)

    backend.put_function_concurrency = checked
    responses.get_account_settings = _account_settings
    url_paths[r"{0}/(?P<api_version>[^/]+)/account-settings/?$"] = LambdaResponse.dispatch


def _account_settings(handler: Any) -> tuple[int, dict[str, str], str]:
    functions, quota = list(handler.backend.list_functions()), handler.backend.concurrency_quota
    limit = {
        "ConcurrentExecutions": quota,
        "UnreservedConcurrentExecutions": quota - sum(map(_reserved, functions)),
    }
    return 200, {}, json.dumps({"AccountLimit": limit, "AccountUsage": {"FunctionCount": len(functions)}})


def _reserved(function: Any) -> int:
    return int(function.reserved_concurrency or 0)
