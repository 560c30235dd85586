"""moto's services as WSGI applications, without its control routes."""

from typing import Any

from flask import Flask
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.exceptions import MethodNotAllowed, NotFound

from toolkit.localcloud.aws.authorization.authentication import current_identity
from toolkit.localcloud.aws.failures import NotServedError, reject_unrouted
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.moto_server.werkzeug_app:DomainDispatcherApplication.get_backend_for_host",
    "moto.moto_server.werkzeug_app:DomainDispatcherApplication.infer_service_region_host",
    "moto.moto_server.werkzeug_app:create_backend_app",
)
CONTROL_SERVICES = {"moto_api", "instance_metadata"}
"""moto's routes that reset the account, disable authorization and write files, without authentication."""


class Services(DomainDispatcherApplication):
    """moto's services. The scope of a request's signature alone selects the service."""

    def infer_service_region_host(self, environ: dict[str, Any], path: str) -> str | None:
        """Return the host of the service that the signature names. The client controls moto's other sources."""
        scope = f"AWS4-HMAC-SHA256 Credential={current_identity().scope}, "
        return super().infer_service_region_host({**environ, "HTTP_AUTHORIZATION": scope}, path)

    def get_backend_for_host(self, host: str | None) -> Any:
        """Return the service of a host. Raises NotServedError."""
        backend = super().get_backend_for_host(host)
        if backend in CONTROL_SERVICES or (host is not None and backend is None):
            raise NotServedError(f"the service {current_identity().service!r}")
        return backend


def create_service(service: Any) -> Flask:
    """Create moto's application of a service without Flask's debug mode, which creates a class for each request."""
    application = create_backend_app(service)
    application.debug = False
    application.register_error_handler(NotFound, reject_unrouted)
    application.register_error_handler(MethodNotAllowed, reject_unrouted)
    application.config["PROPAGATE_EXCEPTIONS"] = True  # as in debug mode: the caller turns them into responses
    return application
