"""Errors as problem documents (RFC 9457): the same shape for ours, FastAPI's and Starlette's."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from api.errors import (
    ApiError,
    InvalidRequestError,
    MalformedRequestError,
    MethodNotAllowedError,
    NotFoundError,
    UnsupportedMediaTypeError,
)

MEDIA_TYPE = "application/problem+json"
_MOST_ERRORS, _LONGEST_LOCATION = 20, 200


def problem_response(error: ApiError, request_id: str) -> Response:
    """The answer for one error."""
    document: dict[str, Any] = {
        "type": f"urn:items-api:problem:{error.slug}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail or error.title,
        "request_id": request_id,
    }
    if error.errors:
        document["errors"] = list(error.errors)
    return Response(json.dumps(document), error.status, error.headers, media_type=MEDIA_TYPE)


def add_problem_handlers(app: FastAPI) -> None:
    """Make Starlette's and FastAPI's own errors speak as ours do."""
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)


async def _refused(request: Request, exception: Exception) -> Response:
    assert isinstance(exception, HTTPException)  # noqa: S101 - registered for this class alone
    error: ApiError
    if exception.status_code == HTTPStatus.NOT_FOUND:
        error = NotFoundError("There is nothing at this address; GET / lists where to start.")
    elif exception.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        words = "This address does not answer that method; the Allow header lists those it does."
        error = MethodNotAllowedError(words, headers={"Allow": _methods_here(request)})
    else:  # FastAPI's only other one: a body that is not text, too deep, or with a number too long
        error = MalformedRequestError("The body could not be read.")
    return problem_response(error, request.scope["request_id"])


def _methods_here(request: Request) -> str:
    """Every method that the address answers; Starlette names those of the first matching route alone."""
    routes = [route for route in request.app.router.routes if isinstance(route, Route)]
    here = [route.methods or () for route in routes if route.matches(request.scope)[0] is not Match.NONE]
    return ", ".join(sorted({method for methods in here for method in methods}))


async def _invalid(request: Request, exception: Exception) -> Response:
    assert isinstance(exception, RequestValidationError)  # noqa: S101 - registered for this class alone
    return problem_response(_judged(request, exception.errors()), request.scope["request_id"])


def _judged(request: Request, errors: Sequence[Mapping[str, Any]]) -> ApiError:
    """The error behind FastAPI's list: unreadable JSON, another content type, or unacceptable values."""
    about_a_body = any(error["loc"][0] == "body" and error["type"] != "missing" for error in errors)
    if about_a_body and not _is_json(request.headers.get("content-type", "")):
        return UnsupportedMediaTypeError("Send the body as application/json with that Content-Type header.")
    if any(error["type"] == "json_invalid" for error in errors):
        return MalformedRequestError("The body is not valid JSON.")
    # The input itself is never echoed: it may hold what its sender would not want in a log. Names are, and bounded:
    # a body may hold so many wrong ones that naming them all would exceed what Lambda lets a function answer.
    told = [
        {"location": ".".join(map(str, error["loc"]))[:_LONGEST_LOCATION], "message": str(error["msg"])}
        for error in errors[:_MOST_ERRORS]
    ]
    which = (
        "each value that was"
        if len(errors) == len(told)
        else f"the first {len(told)} of {len(errors)} values that were"
    )
    return InvalidRequestError(f"See errors for {which} not accepted.", errors=told)


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
