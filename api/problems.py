"""Errors as problem documents (RFC 9457): the same shape for ours, FastAPI's and Starlette's."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.errors import ApiError, InvalidRequestError, MalformedRequestError, UnsupportedMediaTypeError

MEDIA_TYPE = "application/problem+json"


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
    status = HTTPStatus(exception.status_code)
    error = ApiError(_WORDS.get(status, str(exception.detail)), headers=exception.headers)
    error.status, error.slug, error.title = status, status.phrase.lower().replace(" ", "-"), status.phrase
    return problem_response(error, request.scope["request_id"])


_WORDS = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address; GET / lists where to start.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not answer that method; the Allow header lists those it does.",
    HTTPStatus.BAD_REQUEST: "The body could not be read.",
}


async def _invalid(request: Request, exception: Exception) -> Response:
    assert isinstance(exception, RequestValidationError)  # noqa: S101 - registered for this class alone
    return problem_response(_judged(request, exception.errors()), request.scope["request_id"])


def _judged(request: Request, errors: Sequence[Mapping[str, Any]]) -> ApiError:
    """The error behind FastAPI's list: unreadable JSON, another content type, or unacceptable values."""
    in_body = any(error["loc"][0] == "body" for error in errors)
    if in_body and "content-length" in request.headers and not _is_json(request.headers.get("content-type", "")):
        return UnsupportedMediaTypeError("Send the body as application/json with that Content-Type header.")
    if any(error["type"] == "json_invalid" for error in errors):
        return MalformedRequestError("The body is not valid JSON.")
    # The input itself is never echoed: it may hold what its sender would not want in a log.
    told = [{"location": ".".join(map(str, error["loc"])), "message": str(error["msg"])} for error in errors]
    return InvalidRequestError("See errors for each value that was not accepted.", errors=told)


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
