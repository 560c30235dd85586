"""Patches of moto's core: authorization of every call, and no list of all objects that were ever created."""

from collections.abc import Callable
from typing import Any

from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.common_models import BaseModel
from moto.core.responses import BaseResponse

from toolkit.localcloud.aws.authorization.enforcement import authorize_call
from toolkit.localcloud.aws.authorization.errors import AccessDeniedError, access_denied_response
from toolkit.localcloud.aws.patches import wrap
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.core.authorization:ActionAuthenticatorMixin._authenticate_and_authorize_action",
    "moto.core.common_models:BaseModel.__new__",
    "moto.core.responses:BaseResponse.call_action",
)


def patch_core() -> None:
    """Authorize calls by IAM's rules instead of moto's incomplete checks; stop the tracking of instances."""
    authenticator: Any = ActionAuthenticatorMixin
    model: Any = BaseModel
    wrap(BaseResponse, "call_action", _call_action)
    authenticator._authenticate_and_authorize_action = authorize_call  # noqa: SLF001 - where moto authorizes
    model.__new__ = staticmethod(_new)


def _call_action(call: Callable[[Any], Any], handler: Any) -> Any:
    try:
        return call(handler)
    except AccessDeniedError as denied:
        return access_denied_response(handler, denied)


def _new(cls: type, *_arguments: Any, **_named: Any) -> Any:
    """Create an object without adding it to moto's list, which only its dashboard reads and which never shrinks."""
    return object.__new__(cls)
