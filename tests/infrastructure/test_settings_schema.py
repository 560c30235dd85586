"""The JSON Schema of the settings, for editors."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from pydantic import BaseModel, ValidationError
from referencing import Registry, Resource

from infrastructure.settings.groups import Settings
from infrastructure.settings.stack import StackSettings
from infrastructure.settings_schema import SCHEMA_FILE, rendered, stack_file_schema

USAGE = SCHEMA_FILE.with_name("usage.schema.json")


def validator() -> jsonschema.Draft202012Validator:
    """The schema as an editor reads it, with the one beside it."""
    beside = Resource.from_contents(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", **json.loads(USAGE.read_text())}
    )
    return jsonschema.Draft202012Validator(
        stack_file_schema(),
        registry=Registry().with_resource(USAGE.name, beside),
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )


def test_committed_settings_schema_is_current() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == rendered(), "run: ./stack generate"


@pytest.mark.parametrize("stack", ["local", "dev", "staging", "prod"])
def test_stack_file_names_schema_and_is_valid(stack: str, root: Path) -> None:
    text = (root / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")

    assert text.startswith(f"# yaml-language-server: $schema={SCHEMA_FILE.relative_to(root)}\n")
    validator().validate(yaml.safe_load(text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("timeout-seconds: 10", "timeout-seconds: 30"),
        ("owner: items-team", "ownr: items-team"),
        ("runtime: python3.13", "runtime: python2.7"),
        ("requests: 3000000", "requests: -1"),
        ("requests: 3000000", "request: 1"),
    ],
)
def test_value_rejected_by_settings_is_rejected_by_schema(text: str, message: str, root: Path) -> None:
    broken = (root / "Pulumi.prod.yaml").read_text(encoding="utf-8").replace(text, message)

    assert list(validator().iter_errors(yaml.safe_load(broken)))


VALUES: tuple[object, ...] = (
    *(None, True, False, 0, 1, 5, 7, 12, 29, 30, 31, 128, 900, 901, -1, 10**6, 2.5, "", " ", "a", "A b", "7", "ä", "*"),
    *("local", "dev", "prod", "host", "arm64", "python3.13", "python2.7", "snapstart", "canary", "PLUS", "required"),
    *("123456789012", "12345678901", "Z1234567", "a@b.example", "a@b", "a b@c.example", "2027-01-31", "2027-02-31"),
    *("api.example.com", "Api.example.com", f"{'a' * 60}.example.com", "my-aws", "https://a.example", "https://*"),
    *("https://a.example/", "https://a.example/b/c", "https://a.example:443", "http://localhost:3000/", "/assets"),
    *("https://me:pw@a.example", "https://a.example?b", "//a", [], ["https://a.example"], ["https://*"], [1], ["*"]),
    *({}, {"users": "https://a.example"}, {"Bad Name": "https://a.example"}, {"users": "ftp://a.example"}),
)


def paths(model: type[BaseModel], prefix: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every setting and every group of them, by its keys."""
    for field in model.model_fields.values():
        path = (*prefix, str(field.alias))
        yield path
        kinds = (field.annotation, *getattr(field.annotation, "__args__", ()))
        for kind in kinds:
            if isinstance(kind, type) and issubclass(kind, Settings):
                yield from paths(kind, path)


def is_refused(settings: object, path: tuple[str, ...]) -> bool:
    """Return whether a value is rejected by itself; a schema cannot describe conflicts with other values."""
    try:
        StackSettings.model_validate_json(json.dumps(settings))
    except ValidationError as error:
        return any(detail["loc"][: len(path)] == path for detail in error.errors())
    return False


@pytest.mark.parametrize("path", list(paths(StackSettings)), ids=".".join)
def test_schema_and_settings_agree_on_every_value(path: tuple[str, ...], root: Path) -> None:
    document: dict[str, Any] = yaml.safe_load((root / "Pulumi.prod.yaml").read_text(encoding="utf-8"))
    settings: dict[str, Any] = document["config"]["items-api:settings"]
    settings |= {"domain": {"name": "a.example", "zone-id": "Z1234"}, "edge": {}}
    *groups, key = path
    group = settings
    for name in groups:
        group = group.setdefault(name, {})
    check, differing = validator(), []
    for value in VALUES:
        group[key] = value
        if is_refused(settings, path) == check.is_valid(document):
            differing.append(value)
    assert differing == []
