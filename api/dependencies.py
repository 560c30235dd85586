"""What a route reads from its request: the caller, an identifier, and the service of its feature.

They are functions of the request instead of `Depends`: FastAPI resolves one dependency as slowly as a small route.
"""

from collections.abc import Mapping
from typing import Annotated, cast

from fastapi import Header, Request
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError

from api.caller import Caller
from api.entity_tags import TAG_LIST
from api.features import Shared
from api.schemas import Identifier

IfMatch = Annotated[
    str | None,
    Header(description="The ETag of the version that the change is based on", json_schema_extra={"pattern": TAG_LIST}),
]
IF_NONE_MATCH = {
    "name": "if-none-match",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": TAG_LIST},
    "description": "The ETag of a version that the caller has",
}
"""For `openapi_extra` of a route that reads the header from its request."""
_IDENTIFIER: TypeAdapter[str] = TypeAdapter(Identifier)
_MAX_REPEATED = 20


def authorized_caller(request: Request, scope: str | None = None) -> Caller:
    """Return the caller that AuthMiddleware admitted. Raise ForbiddenError for a machine client without the scope."""
    caller = cast("Caller", request.scope["caller"])
    if scope is not None:
        caller.require_scope(scope)
    return caller


def identifier_of(request: Request, name: str) -> str:
    """Return an identifier in the path. Raise RequestValidationError, as FastAPI does for a declared parameter."""
    try:
        return _IDENTIFIER.validate_python(request.path_params[name])
    except ValidationError as error:
        raise RequestValidationError([{**each, "loc": ("path", name)} for each in error.errors()]) from None


def reject_repeated_parameters(request: Request) -> None:
    """Raise RequestValidationError for a query parameter that is sent twice: FastAPI would use the last one."""
    names = [name for name, _ in request.query_params.multi_items()]
    repeated = sorted({name for name in names if names.count(name) > 1})[:_MAX_REPEATED] if len(names) > 1 else []
    if repeated:
        message = "The parameter must be sent once"
        raise RequestValidationError(
            [{"type": "repeated", "loc": ("query", each), "msg": message} for each in repeated]
        )


def service_of(request: Request, feature: str) -> object:
    """Return the service of a feature."""
    services: Mapping[str, object] = request.app.state.services
    return services[feature]


def shared_by(request: Request) -> Shared:
    """Return what the services of the process share."""
    return cast("Shared", request.app.state.shared)
