"""What a route reads from its request: the caller, an identifier, and the service of its feature.

They are functions of the request instead of `Depends`: FastAPI resolves one dependency as slowly as a small route.
"""

from collections.abc import Mapping
from typing import Annotated, Any, cast

from fastapi import Header, Request
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError

from api.caller import Caller
from api.entity_tags import TAG_LIST
from api.features import Shared
from api.schemas import Identifier

IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description="The ETag of the version that the change is based on"),
]
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": TAG_LIST},
    "description": "The ETag of a version that the caller has",
}
"""For `openapi_extra` of a route that reads the header from its request."""
_IDENTIFIER: TypeAdapter[str] = TypeAdapter(Identifier)


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
        raise RequestValidationError(errors_at(("path", name), error)) from None


def errors_at(location: tuple[str | int, ...], error: ValidationError) -> list[dict[str, Any]]:
    """Return pydantic's errors about a value of the request at a location."""
    return [{**each, "loc": (*location, *each["loc"])} for each in error.errors()]


def service_of(request: Request, feature: str) -> object:
    """Return the service of a feature."""
    services: Mapping[str, object] = request.app.state.services
    return services[feature]


def shared_by(request: Request) -> Shared:
    """Return what the services of the process share."""
    return cast("Shared", request.app.state.shared)
