"""Editors are told what the settings are."""

from pathlib import Path

import jsonschema
import pytest
import yaml

from infrastructure.settings_schema import SCHEMA_FILE, rendered, stack_file_schema


def test_the_schema_in_docs_is_that_of_the_settings() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == rendered(), "run: python -m infrastructure.settings_schema"


@pytest.mark.parametrize("stack", ["local", "dev", "staging", "prod"])
def test_every_stack_file_points_at_the_schema_and_obeys_it(stack: str, root: Path) -> None:
    text = (root / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")

    assert text.startswith(f"# yaml-language-server: $schema={SCHEMA_FILE.relative_to(root)}\n")
    jsonschema.Draft202012Validator(stack_file_schema()).validate(yaml.safe_load(text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("timeout-seconds: 10", "timeout-seconds: 30"),
        ("owner: items-team", "ownr: items-team"),
        ("runtime: python3.13", "runtime: python2.7"),
    ],
)
def test_the_schema_refuses_what_the_settings_refuse(text: str, message: str, root: Path) -> None:
    broken = (root / "Pulumi.prod.yaml").read_text(encoding="utf-8").replace(text, message)

    assert list(jsonschema.Draft202012Validator(stack_file_schema()).iter_errors(yaml.safe_load(broken)))
