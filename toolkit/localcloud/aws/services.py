"""What keeps the embedded AWS from growing with each request: moto and Flask remember more than they need."""

from typing import Any

from flask import Flask
from moto.core.common_models import BaseModel
from moto.moto_server.werkzeug_app import create_backend_app
from werkzeug.exceptions import MethodNotAllowed, NotFound

from toolkit.localcloud.aws.failures import unrouted


def patch_instance_tracking() -> None:
    """Stop moto's list of every object ever made, which only its dashboard reads; it grew with each item read."""
    model: Any = BaseModel
    model.__new__ = staticmethod(_new)


def create_service(service: Any) -> Flask:
    """Create moto's application of a service without Flask's debug mode, which makes a class for each request."""
    application = create_backend_app(service)
    application.debug = False
    application.register_error_handler(NotFound, unrouted)
    application.register_error_handler(MethodNotAllowed, unrouted)
    application.config["PROPAGATE_EXCEPTIONS"] = True  # as in debug mode: the caller makes a response of them
    return application


def _new(cls: type, *_arguments: Any, **_named: Any) -> Any:
    return object.__new__(cls)
