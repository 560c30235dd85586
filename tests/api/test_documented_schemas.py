"""The OpenAPI document and the service accept the same request bodies."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from api.attachments.schemas import AttachmentInput
from api.items.schemas import ItemInput, ItemPatch
from api.openapi import committed
from api.schemas import Input

DOCUMENT = json.loads(committed())


def strict(schema: Any) -> Any:
    """The schema for Python's regular expressions: the `$` of ECMA-262, which JSON Schema means, is `\\Z` there."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: strict(value) for name, value in schema.items()}
    if isinstance(made.get("pattern"), str):
        made["pattern"] = made["pattern"].replace("$", r"\Z")
    return made


def validator(model: type[Input]) -> jsonschema.Draft202012Validator:
    schema = strict(DOCUMENT["components"]["schemas"][model.__name__])
    return jsonschema.Draft202012Validator(schema | {"components": DOCUMENT["components"]})


VALIDATORS: dict[type[Input], jsonschema.Draft202012Validator] = {
    model: validator(model) for model in (ItemInput, ItemPatch, AttachmentInput)
}


def agreed(model: type[Input], body: Any) -> bool:
    """Return whether the service accepts the body; check that the document does, too."""
    try:
        model.model_validate_json(json.dumps(body))
        accepted = True
    except ValidationError:
        accepted = False
    assert VALIDATORS[model].is_valid(body) is accepted, body
    return accepted


def near(most: int) -> st.SearchStrategy[str]:
    """Short texts of characters that patterns treat differently, and texts about as long as the limit."""
    characters = st.sampled_from('aZ0-_./\\" \t\n\r\x00\x1c\x1f\x7f\x85\xa0é😀\u200b\u2028\ufeff\u3000')
    lengths = st.sampled_from([most - 1, most, most + 1])
    return st.text(characters, max_size=3) | st.builds(lambda length, fill: fill * length, lengths, characters)


ANYTHING = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.lists(st.text(), max_size=2)
TAGS = st.lists(near(32), max_size=3) | st.integers(19, 21).map(lambda count: [f"t{index}" for index in range(count)])
ATTRIBUTES = st.dictionaries(near(64), near(256) | ANYTHING, max_size=2) | st.integers(19, 21).map(
    lambda count: {f"k{index}": "v" for index in range(count)}
)
ITEMS = st.fixed_dictionaries(
    {"name": st.just("n") | near(100)},
    optional={
        "description": near(2000) | ANYTHING,
        "tags": TAGS | ANYTHING,
        "attributes": ATTRIBUTES | ANYTHING,
        "colour": ANYTHING,
    },
)
PATCHED = st.dictionaries(near(64), near(256) | ANYTHING, max_size=2)
PATCHES = st.fixed_dictionaries(
    {},
    optional={
        "name": near(100) | ANYTHING,
        "description": near(2000) | ANYTHING,
        "tags": TAGS | ANYTHING,
        "attributes": PATCHED | ANYTHING,
        "colour": ANYTHING,
    },
)
FILES = st.fixed_dictionaries(
    {"content_type": st.sampled_from(["text/plain", "text/html", "Text/Plain", "text/plain ", ""]) | ANYTHING},
    optional={"file_name": near(120) | ANYTHING, "size": ANYTHING},
)


@settings(max_examples=400)
@given(ITEMS | ANYTHING)
def test_item_is_accepted_exactly_if_document_allows_it(body: Any) -> None:
    agreed(ItemInput, body)


@settings(max_examples=200)
@given(PATCHES | ANYTHING)
def test_patch_is_accepted_exactly_if_document_allows_it(body: Any) -> None:
    agreed(ItemPatch, body)


@settings(max_examples=200)
@given(FILES | ANYTHING)
def test_attachment_is_accepted_exactly_if_document_allows_it(body: Any) -> None:
    agreed(AttachmentInput, body)


@pytest.mark.parametrize(
    ("attributes", "accepted"),
    [
        ({}, True),
        ({"watt": ""}, True),
        ({"k" * 64: "v" * 256}, True),
        ({"k" * 65: "v"}, False),
        ({"k": "v" * 257}, False),
        ({"0": "v"}, False),
        ({"": "v"}, False),
        ({"k\n": "v"}, False),
        ({"k": 5}, False),
        ({"k": None}, False),
        ({"k": {"nested": "v"}}, False),
        ({f"k{index}": "v" for index in range(20)}, True),
        ({f"k{index}": "v" for index in range(21)}, False),
        ([], False),
    ],
)
def test_attributes_are_accepted_exactly_if_document_allows_them(attributes: Any, accepted: bool) -> None:
    assert agreed(ItemInput, {"name": "Lamp", "attributes": attributes}) is accepted


@pytest.mark.parametrize(
    ("name", "accepted"),
    [(" ", False), ("", False), ("\u3000\u2003", False), ("\ufeff", True), (" x ", True), ("x" * 100, True),
     ("x" * 101, False), (" " + "x" * 100, False)],
)  # fmt: skip
def test_name_is_accepted_exactly_if_document_allows_it(name: str, accepted: bool) -> None:
    assert agreed(ItemInput, {"name": name}) is accepted
