"""The base classes of all schemas, and the types of identifiers and pages."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from api.definition import NAME

# Lengths are not in the patterns: a counted repetition is slow to compile.
Identifier = Annotated[str, StringConstraints(min_length=36, max_length=36, pattern=r"^[0-9a-f-]+$")]


def _digits(value: object) -> object:
    """Accept digits only; pydantic reads `1_0` as 10, and `5.0` and ` 5` as 5."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise ValueError("a number must have digits only")
    return value


Limit = Annotated[int, BeforeValidator(_digits), Field(ge=1, le=100)]
Cursor = Annotated[str, StringConstraints(min_length=1, max_length=1024, pattern=r"^[A-Za-z0-9_-]+$")]

PROBLEM_EXAMPLE: dict[str, Any] = {
    "type": f"urn:{NAME}:problem:invalid-request",
    "title": "Invalid request",
    "status": 422,
    "detail": "errors lists the invalid values.",
    "request_id": "e4d8ea7a-7b9a-4a4f-8f0b-3f1f2d1c9a5e",
    "errors": [{"location": "body.name", "message": "Field required"}],
}
CURSOR_EXAMPLE = "Yk3v0mQ1f2l7c0JxQ2n1ZzAxOWE0ZjZl"
CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"description": "The state of the resource or of an earlier request does not allow this"}
}
"""For `responses` of a route that answers 409."""
VERSIONED: dict[str, Any] = {"headers": {"ETag": {"$ref": "#/components/headers/ETag"}}}
"""For `responses` of a route: the response has the version of its resource."""


def example(**fields: Any) -> ConfigDict:
    """Return the configuration of a schema with an example for the OpenAPI document."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


class Input(BaseModel):
    """A request body; an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Output(BaseModel):
    """A response body; pydantic builds its serializer on first use, which shortens the start."""

    model_config = ConfigDict(frozen=True, defer_build=True)


class Problem(Output):
    """An error (RFC 9457)."""

    model_config = example(**PROBLEM_EXAMPLE)

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    errors: list["InvalidValue"] | None = None


class InvalidValue(Output):
    """One invalid value of the request."""

    model_config = example(location="body.name", message="Field required")

    location: str
    message: str


class GatewayError(Output):
    """An error of API Gateway itself: the request did not reach the service, or its response did not arrive."""

    model_config = example(message="Unauthorized")

    message: str
