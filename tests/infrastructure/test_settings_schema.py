"""Editors are told what the settings are."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from referencing import Registry, Resource

from infrastructure.settings_schema import SCHEMA_FILE, rendered, stack_file_schema

USAGE = SCHEMA_FILE.with_name("usage.schema.json")


def validator() -> jsonschema.Draft202012Validator:
    """The schema as an editor reads it, with the one beside it."""
    beside = Resource.from_contents(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", **json.loads(USAGE.read_text())}
    )
    return jsonschema.Draft202012Validator(stack_file_schema(), registry=Registry().with_resource(USAGE.name, beside))


def test_the_schema_in_docs_is_that_of_the_settings() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == rendered(), "run: python -m infrastructure.settings_schema"


@pytest.mark.parametrize("stack", ["local", "dev", "staging", "prod"])
def test_every_stack_file_points_at_the_schema_and_obeys_it(stack: str, root: Path) -> None:
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
def test_the_schema_refuses_what_the_settings_refuse(text: str, message: str, root: Path) -> None:
    broken = (root / "Pulumi.prod.yaml").read_text(encoding="utf-8").replace(text, message)

    assert list(validator().iter_errors(yaml.safe_load(broken)))
