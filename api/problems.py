"""Problem documents (RFC 9457) for the errors of the service, of FastAPI and of Starlette."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from api.definition import NAME
from api.errors import (
    ApiError,
    InvalidRequestError,
    MalformedRequestError,
    MethodNotAllowedError,
    NotFoundError,
    UnsupportedMediaTypeError,
)

MEDIA_TYPE = "application/problem+json"
MAX_ERRORS = 20
"""The most invalid values that a response lists."""
_MAX_LOCATION = 200
_JSON_PATCH = "application/json-patch+json"
"""A list of operations (RFC 6902), which no route accepts."""


def problem_document(error: ApiError, request_id: str) -> dict[str, Any]:
    """Return the problem document of an error."""
    document: dict[str, Any] = {
        "type": f"urn:{NAME}:problem:{error.slug}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail or error.title,
        "request_id": request_id,
    }
    if error.errors:
        document["errors"] = list(error.errors)
    return document


def problem_response(error: ApiError, request_id: str) -> Response:
    """Return the response for an error."""
    return Response(json.dumps(problem_document(error, request_id)), error.status, error.headers, media_type=MEDIA_TYPE)


def add_problem_handlers(app: FastAPI) -> None:
    """Return problem documents for the errors of Starlette and FastAPI, too."""
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _validation_error)


async def _http_error(request: Request, exception: Exception) -> Response:
    assert isinstance(exception, HTTPException)  # noqa: S101 - registered for this class alone
    error: ApiError
    if exception.status_code == HTTPStatus.NOT_FOUND:
        error = NotFoundError("This path does not exist. GET / returns links.")
    elif exception.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        detail = "This path does not support the method. The Allow header lists those that it supports."
        error = MethodNotAllowedError(detail, headers={"Allow": _allowed_methods(request)})
    else:  # FastAPI's only other one: a body that is not UTF-8, nested too deeply, or with too long a number
        error = MalformedRequestError("The body cannot be parsed.")
    return problem_response(error, request.scope["request_id"])


def _allowed_methods(request: Request) -> str:
    """Return every method of the path; Starlette knows those of the first matching route alone."""
    routes = [route for route in request.app.router.routes if isinstance(route, Route)]
    matching = [route.methods or () for route in routes if route.matches(request.scope)[0] is not Match.NONE]
    return ", ".join(sorted({method for methods in matching for method in methods}))


async def _validation_error(request: Request, exception: Exception) -> Response:
    assert isinstance(exception, RequestValidationError)  # noqa: S101 - registered for this class alone
    return problem_response(_error_of(request, exception.errors()), request.scope["request_id"])


def _error_of(request: Request, errors: Sequence[Mapping[str, Any]]) -> ApiError:
    """Return the error for FastAPI's list: invalid JSON, another content type, or invalid values."""
    in_body = any(error["loc"][0] == "body" and error["type"] != "missing" for error in errors)
    if in_body and not _is_json(request.headers.get("content-type", "")):
        return UnsupportedMediaTypeError("Send the body as JSON, with the header Content-Type: application/json.")
    if any(error["type"] == "json_invalid" for error in errors):
        return MalformedRequestError("The body is not valid JSON.")
    return invalid_request(errors, MAX_ERRORS)


def invalid_request(errors: Sequence[Mapping[str, Any]], most: int) -> ApiError:
    """Return the error for invalid values, of which it lists some."""
    # The response never repeats a value: it may be confidential. It repeats names, and only some: a body with many
    # invalid ones would exceed the largest response of Lambda.
    shown = [
        {"location": ".".join(map(str, error["loc"]))[:_MAX_LOCATION], "message": str(error["msg"])}
        for error in errors[:most]
    ]
    listed = (
        "the invalid values" if len(errors) == len(shown) else f"the first {len(shown)} of {len(errors)} invalid values"
    )
    return InvalidRequestError(f"errors lists {listed}.", errors=shown)


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    is_json = kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
    return is_json and kind != _JSON_PATCH
