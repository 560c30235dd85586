"""What the schemas of every feature share: strict input, and the types of identifiers and pages."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

# Lengths stand beside the patterns and not in them: a counted repetition multiplies what compiling the pattern costs.
Identifier = Annotated[str, StringConstraints(min_length=36, max_length=36, pattern=r"^[0-9a-f-]+$")]


def _digits(value: object) -> object:
    """Pydantic alone takes `1_0` for 10, and `5.0` and ` 5` for 5."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise ValueError("a whole number is written in digits alone")
    return value


Limit = Annotated[int, BeforeValidator(_digits), Field(ge=1, le=100)]
Cursor = Annotated[str, StringConstraints(min_length=1, max_length=512, pattern=r"^[A-Za-z0-9_-]+$")]


class Input(BaseModel):
    """A request body: a field that nobody knows is an error, not noise."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Output(BaseModel):
    """A response body; built on first use, which shortens the start."""

    model_config = ConfigDict(frozen=True, defer_build=True)


class Problem(Output):
    """An error, as RFC 9457 writes it."""

    type: str = Field(examples=["urn:items-api:problem:not-found"])
    title: str
    status: int
    detail: str
    request_id: str
    errors: list["InvalidValue"] | None = None


class InvalidValue(Output):
    """One value that was not accepted."""

    location: str = Field(examples=["body.name"])
    message: str
