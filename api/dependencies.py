"""What routes ask for by type; every one is async, because a plain function would cost a thread hop."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from api.attachments.service import AttachmentService
from api.caller import Caller
from api.health.service import HealthService
from api.items.service import ItemService
from api.sessions.service import SessionService
from api.settings import Settings


@dataclass(frozen=True)
class Services:
    """One service per feature, made once per process."""

    settings: Settings
    health: HealthService
    items: ItemService
    attachments: AttachmentService
    sessions: SessionService


async def _caller(request: Request) -> Caller:
    return cast("Caller", request.scope["caller"])


async def _settings(request: Request) -> Settings:
    return _services(request).settings


async def _health(request: Request) -> HealthService:
    return _services(request).health


async def _items(request: Request) -> ItemService:
    return _services(request).items


async def _attachments(request: Request) -> AttachmentService:
    return _services(request).attachments


async def _sessions(request: Request) -> SessionService:
    return _services(request).sessions


def _services(request: Request) -> Services:
    return cast("Services", request.app.state.services)


CurrentCaller = Annotated[Caller, Depends(_caller)]
"""Who calls, as the gate let them in."""
CurrentSettings = Annotated[Settings, Depends(_settings)]
"""The service's settings."""
HealthCheck = Annotated[HealthService, Depends(_health)]
"""Readiness."""
Items = Annotated[ItemService, Depends(_items)]
"""The caller's items."""
Attachments = Annotated[AttachmentService, Depends(_attachments)]
"""What is attached to the caller's items."""
Sessions = Annotated[SessionService, Depends(_sessions)]
"""The caller's sessions."""
