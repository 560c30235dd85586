"""Patches of moto's Lambda: refusal of environment variables that AWS refuses.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.responses import LambdaResponse

from toolkit.localcloud.aws.patches import wrap
from toolkit.private_names import require_private_names
from toolkit.resource_types.quotas import ENVIRONMENT_BYTES, RESERVED_VARIABLES, environment_bytes

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.awslambda.responses:LambdaResponse.create_function",
    "moto.awslambda.responses:LambdaResponse.update_function_configuration",
)
_UNABLE = (
    "Lambda was unable to configure your environment variables because the environment variables you have provided"
)


def patch_lambda_environment() -> None:
    """Refuse reserved names and more than 4 KB in CreateFunction and UpdateFunctionConfiguration."""
    wrap(LambdaResponse, "create_function", _check)
    wrap(LambdaResponse, "update_function_configuration", _check)


def _check(call: Callable[[Any], Any], handler: Any) -> Any:
    variables: Mapping[str, str] = (json.loads(handler.body).get("Environment") or {}).get("Variables") or {}
    reserved = sorted(RESERVED_VARIABLES & variables.keys())
    if reserved:
        raise InvalidParameterValueException(
            f"{_UNABLE} contains reserved keys that are currently not supported for modification. "
            f"Reserved keys used in this request: {', '.join(reserved)}"
        )
    if environment_bytes(variables) > ENVIRONMENT_BYTES:
        measured = json.dumps(variables, separators=(",", ":"))
        raise InvalidParameterValueException(f"{_UNABLE} exceeded the 4KB limit. String measured: {measured}")
    return call(handler)
