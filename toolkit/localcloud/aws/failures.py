"""Error responses for exceptions of moto: in the client's protocol, and a 4xx where the call is invalid.

Clients retry after a 5xx, so only a failure of the embedded AWS gets one.
"""

import io
import json
import logging
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs
from xml.parsers.expat import ExpatError

from botocore.exceptions import UnknownServiceError
from botocore.model import ServiceModel
from botocore.validate import ParamValidator
from flask import request
from moto.core.utils import get_service_model
from werkzeug.exceptions import HTTPException

from toolkit.localcloud.aws.authorization.authentication import Identity, current_identity
from toolkit.localcloud.aws.authorization.errors import Reason
from toolkit.localcloud.aws.rejected_request import RejectedRequestError

LONGEST_DETAIL = 300
_ACTION_PROTOCOLS = {"ec2", "json", "query"}
"""The protocols in which a request names its operation; in the others method and path select it."""
_MODELS = {"monitoring": "cloudwatch"}
"""By the name of a service in signatures, botocore's name where it differs."""
_NOT_IMPLEMENTED = re.compile(r"The (\w+) action has not been implemented")
_UNREADABLE = (ExpatError, RecursionError, UnicodeDecodeError, json.JSONDecodeError)
log = logging.getLogger("embedded-aws")


class NotServedError(Exception):
    """A call or a service that the embedded AWS does not have."""


def reject_unrouted(error: HTTPException) -> HTTPException:
    """Return an HTTP error of a service. Raises NotServedError where no route of the service matches."""
    if request.routing_exception is None:
        return error
    raise NotServedError(f"{request.method} {request.path}")


def error_response_of(error: Exception, environ: Mapping[str, Any]) -> RejectedRequestError:
    """Return the error response to an exception of a service. A failure is logged with its traceback."""
    identity = _identity()
    body = _body(environ)
    model = _model(identity.service)
    operation = _operation(environ, body)
    if absent := _missing_operation(error, model, operation, environ):
        sentence = f"The embedded AWS does not serve {_short(absent)}: use an AWS account for it."
        return RejectedRequestError(Reason.NOT_SERVED, sentence, service=identity.service)
    fault = _invalid_request(error, model, operation, body)
    if fault is not None:
        return RejectedRequestError(*fault, service=identity.service)
    log.error("%s %s", operation or environ.get("PATH_INFO"), type(error).__name__, exc_info=error)
    return RejectedRequestError(
        Reason.FAILED,
        f"The embedded AWS failed: {type(error).__name__}: {_short(str(error))}",
        service=identity.service,
    )


def _identity() -> Identity:
    try:
        return current_identity()
    except RejectedRequestError:
        return Identity(None, "-", "")


def _body(environ: Mapping[str, Any]) -> bytes:
    """Return the body, which `authenticate` has read into memory."""
    body = environ.get("wsgi.input")
    return body.getvalue() if isinstance(body, io.BytesIO) else b""


def _model(service: str) -> ServiceModel | None:
    try:
        return get_service_model(_MODELS.get(service, service))
    except UnknownServiceError:
        return None


def _protocols(model: ServiceModel) -> set[str]:
    return {*model.metadata.get("protocols", ()), str(model.metadata.get("protocol"))}


def _operation(environ: Mapping[str, Any], body: bytes) -> str:
    """Return the operation that a request names, or ""."""
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return str(target).rpartition(".")[2]
    query = str(environ.get("QUERY_STRING", ""))
    if str(environ.get("CONTENT_TYPE", "")).startswith("application/x-www-form-urlencoded"):
        query = f"{query}&{body.decode(errors='replace')}"
    try:
        return parse_qs(query).get("Action", [""])[0]
    except ValueError:  # more fields than Python reads
        return ""


def _missing_operation(
    error: Exception, model: ServiceModel | None, operation: str, environ: Mapping[str, Any]
) -> str | None:
    """Return what the embedded AWS lacks for a call, None where it lacks nothing."""
    if isinstance(error, NotServedError):
        return str(error)
    route = f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO', '')}"
    if isinstance(error, NotImplementedError):
        found = _NOT_IMPLEMENTED.fullmatch(str(error))
        return operation or (found[1] if found else route)
    if model is None or "HTTP_SMITHY_PROTOCOL" in environ:
        return None
    if _protocols(model) & _ACTION_PROTOCOLS and operation not in model.operation_names:
        return f"the action {operation}" if operation else f"{route} without an action"
    # moto's table of S3's operations has none for the method
    return route if model.service_name == "s3" and isinstance(error, KeyError) and error.args == ("DEFAULT",) else None


def _invalid_request(
    error: Exception, model: ServiceModel | None, operation: str, body: bytes
) -> tuple[Reason, str] | None:
    """Return the error in the text or the parameters of a call, None where there is none."""
    if isinstance(error, _UNREADABLE):
        return Reason.UNREADABLE, f"The request cannot be read: {_short(str(error))}."
    if model is None or "json" not in _protocols(model) or operation not in model.operation_names:
        return None
    shape: Any = model.operation_model(operation).input_shape
    try:
        given = json.loads(body or b"{}")
        report = ParamValidator().validate(given, shape) if shape is not None else None
    except (ValueError, RecursionError) as unreadable:
        return Reason.UNREADABLE, f"The request cannot be read: {_short(str(unreadable))}."
    if report is None or not report.has_errors():
        return None
    return Reason.INVALID, f"The parameters are not valid: {_short(report.generate_report())}."


def _short(text: str) -> str:
    line = " ".join(text.split()).rstrip(".")
    return line if len(line) <= LONGEST_DETAIL else f"{line[:LONGEST_DETAIL]} ..."
