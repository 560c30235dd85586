"""The JSON of items."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from api.schemas import Identifier, Input, Output

# The whitespace that str.strip removes, in full: \s differs between languages.
_BLANK = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
Name = Annotated[str, StringConstraints(max_length=100, pattern=f"[^{_BLANK}]"), AfterValidator(str.strip)]
Description = Annotated[str, StringConstraints(max_length=2000)]
Tag = Annotated[str, StringConstraints(max_length=32, pattern=r"^[a-z0-9][a-z0-9-]*$")]
AttributeName = Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z][A-Za-z0-9_.-]*$")]
AttributeValue = Annotated[str, StringConstraints(max_length=256)]
Order = Literal["newest", "oldest"]


def _unique(tags: list[str]) -> list[str]:
    if len(set(tags)) != len(tags):
        raise ValueError("tags must be unique")
    return tags


Tags = Annotated[list[Tag], Field(max_length=20, json_schema_extra={"uniqueItems": True}), AfterValidator(_unique)]
Attributes = Annotated[
    dict[AttributeName, AttributeValue], Field(max_length=20, json_schema_extra={"additionalProperties": False})
]


class ItemInput(Input):
    """The content of an item. A replacement sets every field."""

    name: Name
    description: Description = ""
    tags: Tags = Field(default=[])
    attributes: Attributes = Field(default={})


class Item(Output, defer_build=False):  # most requests need its serializer
    """An item; `version` is also its ETag."""

    id: Identifier
    name: str
    description: str
    tags: list[str]
    attributes: dict[str, str]
    version: int
    created_at: datetime
    updated_at: datetime


class ItemPage(Output):
    """A page of items; `next_cursor` is null on the last page."""

    items: list[Item]
    next_cursor: str | None
