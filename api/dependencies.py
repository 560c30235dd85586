"""What a route asks its request for: the admitted caller, an identifier, and the services made once per process.

Plain functions of the request rather than `Depends`: solving one dependency costs FastAPI as much as a small route.
"""

from dataclasses import dataclass
from typing import cast

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError

from api.attachments.service import AttachmentService
from api.caller import Caller
from api.health.service import HealthService
from api.items.service import ItemService
from api.schemas import Identifier
from api.sessions.service import SessionService
from api.settings import Settings

_IDENTIFIER: TypeAdapter[str] = TypeAdapter(Identifier)
_MOST_NAMED = 20


@dataclass(frozen=True)
class Services:
    """One service per feature."""

    settings: Settings
    health: HealthService
    items: ItemService
    attachments: AttachmentService
    sessions: SessionService


def caller_of(request: Request, scope: str | None = None) -> Caller:
    """Who calls, as the gate let them in; raises ForbiddenError for a machine client without the scope."""
    caller = cast("Caller", request.scope["caller"])
    if scope is not None:
        caller.require_scope(scope)
    return caller


def identifier_of(request: Request, name: str) -> str:
    """An identifier in the path; raises RequestValidationError, as FastAPI does for a parameter that it reads."""
    try:
        return _IDENTIFIER.validate_python(request.path_params[name])
    except ValidationError as error:
        raise RequestValidationError([{**each, "loc": ("path", name)} for each in error.errors()]) from None


def reject_repeated_parameters(request: Request) -> None:
    """Raise RequestValidationError for a query parameter that comes twice: FastAPI would take the last one."""
    names = [name for name, _ in request.query_params.multi_items()]
    repeated = sorted({name for name in names if names.count(name) > 1})[:_MOST_NAMED] if len(names) > 1 else []
    if repeated:
        message = "The parameter may come only once"
        raise RequestValidationError(
            [{"type": "repeated", "loc": ("query", each), "msg": message} for each in repeated]
        )


def services_of(request: Request) -> Services:
    """The process's services."""
    return cast("Services", request.app.state.services)
