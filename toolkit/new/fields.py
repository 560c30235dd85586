"""The fields of a new feature: their types in the API, in a record of DynamoDB, and an example of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from toolkit.new.names import check_field, pascal
from toolkit.resource_types.quotas import INDEXES_OF_A_TABLE
from toolkit.stacks.errors import FileError, shown

_RESERVED = frozenset({"id", "version", "created_at", "updated_at", "owner", "record", "limit", "cursor"})
_TYPE_NAMES = frozenset({"str", "int", "bool", "list", "dict", "date", "datetime"})


@dataclass(frozen=True, kw_only=True)
class FieldType:
    """A type of fields."""

    definition: str
    """The value of the type alias in the schemas of the feature."""
    output: str
    """The type in a response."""
    stored: str
    """The type in the record."""
    example: str
    """An example, as JSON."""
    other: str
    """Another one."""
    invalid: str
    """A value that the API rejects."""
    key: bool = False
    """Whether the field can be the key of an index: text that is never empty."""


_TEXT = "Annotated[str, StringConstraints({})]"
TYPES = {
    "str": FieldType(
        definition=_TEXT.format("min_length=1, max_length=200"),
        output="str",
        stored="str",
        example='"Example {unique}"',
        other='"Another example"',
        invalid='""',
        key=True,
    ),
    "text": FieldType(
        definition=_TEXT.format("max_length=2000"),
        output="str",
        stored="str",
        example='"A longer text."',
        other='"Another text."',
        invalid='"x" * 2001',
    ),
    "int": FieldType(
        definition="Annotated[int, Field(ge=-(2**53) + 1, le=2**53 - 1, strict=True)]",
        output="int",
        stored="int",
        example="1",
        other="2",
        invalid='"one"',
    ),
    "bool": FieldType(
        definition="Annotated[bool, Field(strict=True)]",
        output="bool",
        stored="bool",
        example="True",
        other="False",
        invalid='"perhaps"',
    ),
    "email": FieldType(
        definition=_TEXT.format(r'max_length=254, pattern=r"^[!-?A-~]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"'),
        output="str",
        stored="str",
        example='"example-{unique}@example.com"',
        other='"another@example.com"',
        invalid='"no address"',
        key=True,
    ),
    "url": FieldType(
        definition=_TEXT.format('max_length=1024, pattern=r"^https?://[!-~]+$"'),
        output="str",
        stored="str",
        example='"https://example.com/{unique}"',
        other='"https://example.com/another"',
        invalid='"example"',
        key=True,
    ),
    "date": FieldType(
        definition="Annotated[date, BeforeValidator(text_only)]",
        output="date",
        stored="str",
        example='"2026-11-30"',
        other='"2027-01-31"',
        invalid='"yesterday"',
        key=True,
    ),
    "datetime": FieldType(
        definition="Annotated[AwareDatetime, BeforeValidator(text_only)]",
        output="datetime",
        stored="str",
        example='"2026-11-30T12:00:00Z"',
        other='"2027-01-31T12:00:00Z"',
        invalid='"yesterday"',
    ),
    "uuid": FieldType(
        definition="UUID",
        output="UUID",
        stored="str",
        example='"0192f0c1-2345-7abc-8def-0123456789ab"',
        other='"0192f0c1-2345-7abc-8def-0123456789ac"',
        invalid='"1"',
        key=True,
    ),
    "list[str]": FieldType(
        definition=f"Annotated[list[{_TEXT.format('min_length=1, max_length=200')}], Field(max_length=20)]",
        output="list[str]",
        stored="list[str]",
        example='["one", "two"]',
        other='["three"]',
        invalid='[""]',
    ),
}


@dataclass(frozen=True)
class Field:
    """A field of a feature."""

    name: str
    type: FieldType
    optional: bool

    @property
    def alias(self) -> str:
        """The name of its type in the schemas of the feature."""
        return f"{pascal(self.name)}Value"


def parse_fields(text: str) -> list[Field]:
    """Return the fields in a text such as `email:email name:str?`. Raise FileError."""
    fields: list[Field] = []
    for word in text.split():
        name, colon, written = word.partition(":")
        kind = written.removesuffix("?")
        check_field(name)
        if name in _RESERVED or hasattr(BaseModel, name):
            raise FileError(f"The field {name!r} is in every record or schema already; give yours another name.")
        if name in _TYPE_NAMES:
            raise FileError(
                f"The field {name!r} has the name of a type of Python; use another one, such as due_{name}."
            )
        if not colon or kind not in TYPES:
            raise FileError(
                f"The field {shown(word)} has no known type; write name:TYPE with {', '.join(TYPES)},"
                " and ? after the type of an optional field."
            )
        if any(field.name == name for field in fields):
            raise FileError(f"The field {name!r} is there twice.")
        fields.append(Field(name, TYPES[kind], optional=written.endswith("?")))
    if not any(not field.optional for field in fields):
        raise FileError("A feature needs a field that is not optional: --fields 'name:str'.")
    return fields


def check_indexes(fields: Sequence[Field], names: Sequence[str]) -> None:
    """Check that each name is a field that can be the key of an index. Raise FileError."""
    if len(names) > INDEXES_OF_A_TABLE:
        raise FileError(f"{len(names)} indexes are too many: a DynamoDB table has at most {INDEXES_OF_A_TABLE}.")
    known = {field.name: field for field in fields}
    keys = [name for name, field in known.items() if field.type.key and not field.optional]
    for name in names:
        if name not in keys:
            usable = f"use one of {', '.join(keys)}" if keys else "no field can be one"
            raise FileError(f"{shown(name)} cannot be an index: its key is text that every record has; {usable}.")
    if len(set(names)) < len(names):
        raise FileError("An index is there twice.")
