"""What docs/operations.md names exists: commands, files, settings, outputs, headings."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from toolkit.cli import COMMANDS
from toolkit.stacks import evaluate

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "docs" / "operations.md").read_text()
CODE = "\n".join([*re.findall(r"```(?:console|bash)\n(.*?)```", MANUAL, re.S), *re.findall(r"`([^`\n]+)`", MANUAL)])
BOOTSTRAP = ROOT / "infrastructure" / "bootstrap"


def setting(schema: dict[str, Any], name: str) -> bool:
    """Return whether the settings have this dotted name."""
    group, _, key = name.partition(".")
    found = schema["properties"].get(group)
    if found is None or not key:
        return found is not None
    references = [found.get("$ref"), *(choice.get("$ref") for choice in found.get("anyOf", ()))]
    groups = [schema["$defs"][reference.rpartition("/")[2]] for reference in references if reference]
    return any(key in each["properties"] for each in groups)


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """The settings of a stack file."""
    whole = json.loads((ROOT / "docs" / "settings.schema.json").read_text())
    found: dict[str, Any] = whole["properties"]["config"]["properties"]["items-api:settings"]
    return {"$defs": whole.get("$defs", {}), **found}


@pytest.mark.parametrize("command", sorted(set(re.findall(r"\./stack ([a-z-]+)", MANUAL))))
def test_command_in_the_manual_exists(command: str) -> None:
    assert command in COMMANDS


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"\b(?:infrastructure|docs|Pulumi\.(?:dev|staging|prod))[\w/.-]*", CODE)))
)
def test_a_file_is_there(path: str) -> None:
    assert (ROOT / path.rstrip(".")).exists()


@pytest.mark.parametrize(
    "name", sorted(set(re.findall(r"`((?:data|function|api|sign-in|edge|domain)\.[a-z-]+)", MANUAL)))
)
def test_a_setting_is_one_of_a_stack_file(name: str, schema: dict[str, Any]) -> None:
    assert setting(schema, name)


def test_an_output_is_one_of_a_stack() -> None:
    named = set(re.findall(r"pulumi stack output ([a-z_]+)", CODE))
    had = set(evaluate("prod", root=ROOT).outputs) | set(evaluate("dev", root=BOOTSTRAP).outputs)
    assert {"api_url", "function_version", "state"} <= named <= had


@pytest.mark.parametrize("anchor", sorted(set(re.findall(r"\]\(#([a-z-]+)\)", MANUAL))))
def test_a_link_leads_to_a_heading(anchor: str) -> None:
    headings = re.findall(r"^##+ (.+)$", MANUAL, re.M)
    assert anchor in {heading.lower().replace(" ", "-") for heading in headings}
