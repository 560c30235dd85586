"""The base classes of all schemas, and the types of identifiers and pages."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

# Lengths are not in the patterns: a counted repetition is slow to compile.
Identifier = Annotated[str, StringConstraints(min_length=36, max_length=36, pattern=r"^[0-9a-f-]+$")]


def _digits(value: object) -> object:
    """Accept digits only; pydantic reads `1_0` as 10, and `5.0` and ` 5` as 5."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise ValueError("a number must have digits only")
    return value


Limit = Annotated[int, BeforeValidator(_digits), Field(ge=1, le=100)]
Cursor = Annotated[str, StringConstraints(min_length=1, max_length=512, pattern=r"^[A-Za-z0-9_-]+$")]

CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"description": "The state of the resource or of an earlier request does not allow this"}
}
"""For `responses` of a route that answers 409."""
VERSIONED: dict[str, Any] = {"headers": {"ETag": {"$ref": "#/components/headers/ETag"}}}
"""For `responses` of a route: the response has the version of its resource."""


class Input(BaseModel):
    """A request body; an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Output(BaseModel):
    """A response body; pydantic builds its serializer on first use, which shortens the start."""

    model_config = ConfigDict(frozen=True, defer_build=True)


class Problem(Output):
    """An error (RFC 9457)."""

    type: str = Field(examples=["urn:items-api:problem:not-found"])
    title: str
    status: int
    detail: str
    request_id: str
    errors: list["InvalidValue"] | None = None


class InvalidValue(Output):
    """One invalid value of the request."""

    location: str = Field(examples=["body.name"])
    message: str
