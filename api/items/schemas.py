"""The JSON of items."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from api.items.repository import MAX_NAME_LENGTH
from api.problems import MAX_ERRORS
from api.schemas import CURSOR_EXAMPLE, PROBLEM_EXAMPLE, Identifier, Input, Output, Problem, example

MAX_BULK = MAX_ERRORS
"""The most entries of a bulk request: each of them may have one invalid value that the response lists."""
_ITEM_INPUT = {"$ref": "#/components/schemas/ItemInput"}

# The whitespace that str.strip removes, in full: \s differs between languages.
_BLANK = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
Name = Annotated[str, StringConstraints(max_length=MAX_NAME_LENGTH, pattern=f"[^{_BLANK}]"), AfterValidator(str.strip)]
NamePrefix = Annotated[str, StringConstraints(min_length=1, max_length=MAX_NAME_LENGTH)]
Description = Annotated[str, StringConstraints(max_length=2000)]
Tag = Annotated[str, StringConstraints(max_length=32, pattern=r"^[a-z0-9][a-z0-9-]*$")]
AttributeName = Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z][A-Za-z0-9_.-]*$")]
AttributeValue = Annotated[str, StringConstraints(max_length=256)]
Order = Annotated[Literal["newest", "oldest"], Field(title="Order")]


def _unique(tags: list[str]) -> list[str]:
    if len(set(tags)) != len(tags):
        raise ValueError("tags must be unique")
    return tags


Tags = Annotated[list[Tag], Field(max_length=20, json_schema_extra={"uniqueItems": True}), AfterValidator(_unique)]


def _as_additional_properties(schema: dict[str, Any]) -> None:
    """Replace `patternProperties` by two keywords with the same meaning, from which generators make a typed map."""
    ((pattern, value),) = schema.pop("patternProperties").items()
    names = {**schema.pop("propertyNames", {}), "pattern": pattern}
    schema |= {"additionalProperties": value, "propertyNames": names, "title": "Attributes"}


_ATTRIBUTES = Field(max_length=20, json_schema_extra=_as_additional_properties)
Attributes = Annotated[dict[AttributeName, AttributeValue], _ATTRIBUTES]
PatchedAttributes = Annotated[dict[AttributeName, AttributeValue | None], _ATTRIBUTES]


def _without_default(schema: dict[str, Any]) -> None:
    """Leave the default out of the document: an absent field of a patch has no value."""
    del schema["default"]


_CONTENT: dict[str, Any] = {
    "name": "Desk lamp",
    "description": "Bright, with a dimmer",
    "tags": ["desk", "light"],
    "attributes": {"watt": "5"},
}
_STORED: dict[str, Any] = {
    "id": "019a4f6e-1c00-7a3b-9f1e-2b7c5d8e4f60",
    **_CONTENT,
    "version": 1,
    "created_at": "2026-11-30T09:15:00Z",
    "updated_at": "2026-11-30T09:15:00Z",
}


class ItemInput(Input):
    """The content of an item. A replacement sets every field."""

    model_config = example(**_CONTENT)

    name: Name
    description: Description = ""
    tags: Tags = Field(default=[])
    attributes: Attributes = Field(default={})


class ItemPatch(Input):
    """A merge patch (RFC 7396): an absent field stays, and null resets a field or removes an attribute.

    A list of tags replaces the list. The name cannot be removed.
    """

    model_config = example(name="Reading lamp", attributes={"watt": "7"})

    name: Name = Field(default="", json_schema_extra=_without_default)
    description: Description | None = Field(default=None, json_schema_extra=_without_default)
    tags: Tags | None = Field(default=None, json_schema_extra=_without_default)
    attributes: PatchedAttributes | None = Field(default=None, json_schema_extra=_without_default)


class ItemsInput(Input):
    """Items to create; each of them is validated alone."""

    model_config = example(items=[_CONTENT, {"name": "Chair"}])

    items: Annotated[list[Any], Field(min_length=1, max_length=MAX_BULK, json_schema_extra={"items": _ITEM_INPUT})]


class Item(Output, defer_build=False):  # most requests need its serializer
    """An item; `version` is also its ETag."""

    model_config = example(**_STORED)

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

    model_config = example(items=[_STORED], next_cursor=CURSOR_EXAMPLE)

    items: list[Item]
    next_cursor: str | None


class CreatedItem(Output):
    """The result of an entry that is an item now."""

    model_config = example(status=201, id=_STORED["id"])

    status: int
    id: Identifier


class RejectedItem(Output):
    """The result of an entry that is not, with the status and the problem that a request for it alone would get."""

    model_config = example(status=422, problem=PROBLEM_EXAMPLE)

    status: int
    problem: Problem


class ItemResults(Output):
    """The results in the order of the entries."""

    model_config = example(results=[{"status": 201, "id": _STORED["id"]}])

    results: list[CreatedItem | RejectedItem]
