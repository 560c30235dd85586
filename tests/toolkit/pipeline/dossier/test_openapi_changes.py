import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from toolkit.pipeline.dossier.openapi_changes import breaks, contract_changes

Document = dict[str, Any]
OBJECT = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "note": {"type": "string"}},
}


def document() -> Document:
    """A small API: one operation that takes an input and answers with a thing."""
    return {
        "openapi": "3.1.0",
        "paths": {
            "/things/{id}": {
                "put": {
                    "parameters": [
                        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
                        {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100}},
                    ],
                    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/In"}}}},
                    "responses": {
                        "200": {
                            "headers": {"ETag": {"required": True, "schema": {"type": "string"}}},
                            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Out"}}},
                        },
                        "404": {"content": {"application/problem+json": {"schema": {"type": "object"}}}},
                    },
                    "security": [{"sign-in": ["read"]}],
                }
            },
            "/health": {"get": {"responses": {"200": {}}}},
        },
        "components": {
            "schemas": {
                "In": {**deepcopy(OBJECT), "additionalProperties": False},
                "Out": {
                    "type": "object",
                    "required": ["name", "kind"],
                    "properties": {
                        "name": {"type": "string"},
                        "kind": {"type": "string", "enum": ["a", "b"]},
                        "children": {"type": "array", "items": {"$ref": "#/components/schemas/Out"}},
                    },
                },
            },
            "securitySchemes": {
                "sign-in": {
                    "type": "oauth2",
                    "flows": {"code": {"tokenUrl": "https://a/t", "scopes": {"read": "", "w": ""}}},
                }
            },
        },
    }


def put(found: Document) -> Document:
    operation: Document = found["paths"]["/things/{id}"]["put"]
    return operation


def taken(found: Document) -> Document:
    schema: Document = found["components"]["schemas"]["In"]
    return schema


def given(found: Document) -> Document:
    schema: Document = found["components"]["schemas"]["Out"]
    return schema


def flow(found: Document) -> Document:
    code: Document = found["components"]["securitySchemes"]["sign-in"]["flows"]["code"]
    return code


def breaking(change: Callable[[Document], object]) -> list[str]:
    after = document()
    change(after)
    return [each.what for each in breaks(document(), after)]


BREAKING: list[tuple[Callable[[Document], object], str]] = [
    (lambda d: d["paths"].pop("/health"), "the path is removed"),
    (lambda d: d["paths"]["/things/{id}"].update(get=d["paths"]["/things/{id}"].pop("put")), "the method is removed"),
    (lambda d: put(d)["parameters"].pop(1), "the query parameter limit is removed"),
    (lambda d: put(d)["parameters"][1].update(required=True), "the query parameter limit is required now"),
    (
        lambda d: put(d)["parameters"].append({"name": "X-Key", "in": "header", "required": True}),
        "the header parameter X-Key is new and required",
    ),
    (
        lambda d: put(d)["parameters"][1]["schema"].update(maximum=50),
        "the query parameter limit is bounded tighter: maximum 100 → 50",
    ),
    (
        lambda d: put(d)["parameters"][1]["schema"].update(minimum=1),
        "the query parameter limit is bounded tighter: minimum was not set → 1",
    ),
    (
        lambda d: put(d)["parameters"][1]["schema"].update(exclusiveMinimum=0),
        "the query parameter limit is bounded tighter: exclusiveMinimum was not set → 0",
    ),
    (
        lambda d: taken(d).update(dependentRequired={"name": ["note"]}),
        "the body is bounded tighter: dependentRequired was not set → {'name': ['note']}",
    ),
    (lambda d: put(d)["responses"]["200"].pop("headers"), "the header ETag of the 200 response is removed"),
    (
        lambda d: put(d)["responses"]["200"]["headers"]["ETag"].pop("required"),
        "the header ETag of the 200 response may be left out now",
    ),
    (lambda d: put(d)["requestBody"].update(required=True), "a body is required now"),
    (lambda d: put(d).pop("requestBody"), "the body is removed"),
    (lambda d: put(d)["requestBody"].update(content={"text/csv": {}}), "the body is no longer application/json"),
    (lambda d: taken(d)["required"].append("note"), 'the field "note" of the body is required now'),
    (lambda d: taken(d)["properties"].pop("note"), 'the field "note" of the body is removed'),
    (
        lambda d: taken(d)["properties"]["name"].update(type="integer"),
        'the field "name" of the body may no longer be string: only integer',
    ),
    (
        lambda d: taken(d)["properties"]["name"].update(maxLength=9),
        'the field "name" of the body is bounded tighter: maxLength was not set → 9',
    ),
    (
        lambda d: taken(d)["properties"]["name"].update(pattern="^a"),
        'the field "name" of the body is bounded tighter: pattern was not set → ^a',
    ),
    (lambda d: taken(d)["properties"]["name"].update(enum=["x"]), 'the field "name" of the body takes only x now'),
    (lambda d: put(d)["responses"].pop("200"), "the 200 response is removed"),
    (
        lambda d: put(d)["responses"]["200"].update(content={"text/csv": {}}),
        "the 200 response is no longer application/json",
    ),
    (lambda d: given(d)["properties"].pop("children"), 'the field "children" of the 200 response is removed'),
    (lambda d: given(d)["required"].remove("name"), 'the field "name" of the 200 response may be left out now'),
    (
        lambda d: given(d)["properties"]["name"].update(type=["string", "null"]),
        'the field "name" of the 200 response may now be null: it was string',
    ),
    (
        lambda d: given(d)["properties"]["kind"]["enum"].append("c"),
        'the field "kind" of the 200 response may be c now, which callers do not know',
    ),
    (
        lambda d: given(d)["properties"]["kind"].pop("enum"),
        'the field "kind" of the 200 response may be any value now; it was one of a, b',
    ),
    (
        lambda d: put(d).update(security=[{"sign-in": ["read", "w"]}]),
        "fewer callers are authorized: sign-in read → sign-in read w",
    ),
    (lambda d: d.update(security=[{"sign-in": []}]), "fewer callers are authorized: every caller → sign-in"),
    (lambda d: d["components"].pop("securitySchemes"), "the security scheme is removed"),
    (lambda d: flow(d)["scopes"].pop("w"), "the scope w is removed"),
    (lambda d: flow(d).update(tokenUrl="https://b/t"), "the tokenUrl of code changes"),
]

HARMLESS: list[Callable[[Document], object]] = [
    lambda d: d["paths"].update({"/new": {"get": {"responses": {}}}}),
    lambda d: rename_parameter(d),
    lambda d: put(d)["parameters"].append({"name": "page", "in": "query", "schema": {"type": "string"}}),
    lambda d: put(d)["parameters"][1]["schema"].update(maximum=500),
    lambda d: taken(d)["properties"]["name"].update(minLength=0),
    lambda d: put(d)["responses"]["200"].update(headers={"etag": put(d)["responses"]["200"]["headers"]["ETag"]}),
    lambda d: put(d)["parameters"][1]["schema"].update(type="number"),
    lambda d: taken(d)["required"].clear(),
    lambda d: taken(d)["properties"].update(more={"type": "string"}),
    lambda d: taken(d)["properties"]["name"].update(type=["string", "null"]),
    lambda d: taken(d).update(description="other words"),
    lambda d: given(d)["properties"].update(more={"type": "string"}),
    lambda d: given(d)["properties"]["kind"]["enum"].remove("b"),
    lambda d: given(d)["required"].append("children"),
    lambda d: put(d)["responses"].pop("404"),
    lambda d: put(d).update(security=[{}]),
    lambda d: put(d).update(security=[{"sign-in": ["read"]}, {"key": []}]),
]


def rename_parameter(found: Document) -> None:
    found["paths"]["/things/{thing}"] = found["paths"].pop("/things/{id}")
    found["paths"]["/things/{thing}"]["put"]["parameters"][0]["name"] = "thing"


@pytest.mark.parametrize(("change", "words"), BREAKING, ids=[words for _, words in BREAKING])
def test_breaking_change_is_reported(change: Callable[[Document], object], words: str) -> None:
    assert words in breaking(change)


@pytest.mark.parametrize("change", HARMLESS, ids=range(len(HARMLESS)))
def test_compatible_change_is_not_reported(change: Callable[[Document], object]) -> None:
    assert breaking(change) == []


def test_removed_enum_value_of_a_request_is_reported() -> None:
    old, new = document(), document()
    taken(old)["properties"]["name"]["enum"], taken(new)["properties"]["name"]["enum"] = ["x", "y"], ["y"]
    assert [each.what for each in breaks(old, new)] == ['the field "name" of the body no longer takes x']


def test_removed_alternative_of_a_request_is_reported() -> None:
    old, new = document(), document()
    taken(old)["properties"]["name"] = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    assert [each.what for each in breaks(old, new)] == [
        'the field "name" of the body may no longer be null: only string'
    ]


def test_all_of_is_compared_as_one_schema() -> None:
    new = document()
    new["components"]["schemas"]["In"] = {"allOf": [taken(document()), {"required": ["note"]}]}
    assert [each.what for each in breaks(document(), new)] == ['the field "note" of the body is required now']


def test_breaking_change_names_its_operation() -> None:
    new = document()
    del new["paths"]["/health"]
    assert [each.where for each in breaks(document(), new)] == ["GET /health"]


def test_new_operations_are_listed() -> None:
    new = document()
    new["paths"]["/new"] = {"get": {"responses": {}}}
    assert contract_changes("openapi.json", json.dumps(document()), json.dumps(new)).added == ("GET /new",)


def test_removed_document_breaks_and_new_document_does_not() -> None:
    text = json.dumps(document())
    assert contract_changes("openapi.json", text, None).breaking[0].what == "the document is removed"
    assert contract_changes("openapi.json", None, text).breaking == ()


@pytest.mark.parametrize("text", ["{", "[]", '{"paths": []}', '{"paths": {"/a": {"get": 3}}}'])
def test_malformed_document_is_an_error_in_one_sentence(text: str) -> None:
    assert "cannot be compared" in contract_changes("openapi.json", json.dumps(document()), text).error
