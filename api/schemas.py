"""What the schemas of every feature share: strict input, and the types of identifiers and pages."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
Identifier = Annotated[str, StringConstraints(pattern=rf"^{UUID}$")]
Limit = Annotated[int, Field(ge=1, le=100)]
Cursor = Annotated[str, StringConstraints(min_length=1, max_length=512, pattern=r"^[A-Za-z0-9_-]+$")]


class Input(BaseModel):
    """A request body: a field that nobody knows is an error, not noise."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Output(BaseModel):
    """A response body."""

    model_config = ConfigDict(frozen=True)


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
