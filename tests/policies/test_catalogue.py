"""docs/policies.md agrees with the rules, and its instructions work."""

import re
from pathlib import Path

import pytest
import yaml

from policies.pack import PACK
from toolkit.cli import GROUPS
from toolkit.policy.catalogue import FILE, catalogue
from toolkit.policy.crossguard import CATALOGUE
from toolkit.policy.waivers import Waiver

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def text() -> str:
    """The file as it is committed."""
    return FILE.read_text()


def test_committed_catalogue_matches_the_rules(text: str) -> None:
    assert text == catalogue(PACK), "docs/policies.md has drifted: run `make generate`"


def test_rule_url_is_its_heading_in_the_catalogue(text: str) -> None:
    assert FILE == ROOT / CATALOGUE
    headings = re.findall(r"^### (.+)$", text, re.M)
    assert sorted(headings) == sorted(rule.name for rule in (*PACK.rules, *PACK.conditions))


def test_every_link_leads_to_a_heading(text: str) -> None:
    headings = {heading.lower().replace("'", "").replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", text, re.M)}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings


def test_every_message_of_every_rule_is_there(text: str) -> None:
    plain = re.sub(r"\[([^]]+)\]\(#bounds\)", r"\1", text).replace("\\*", "*").replace("&lt;", "<")
    for rule in PACK.rules:
        for message in rule.checks:
            words = re.sub(r"\{bounds\.(\w+)\}", lambda bound: bound[1].replace("_", " "), message)
            assert f"  - {words}\n" in plain


def test_each_row_of_bounds_has_a_cell_for_each_environment(text: str) -> None:
    table = text.partition("## Bounds")[2].partition("## Rules")[0]
    rows = [line for line in table.splitlines() if line.startswith("|")]
    assert {row.count("|") for row in rows} == {7}


def test_example_waiver_is_valid(text: str) -> None:
    (shown,) = re.findall(r"```yaml\n(.+?)```", text, re.S)
    (entry,) = yaml.safe_load(shown)["waivers"]
    assert Waiver.model_validate(entry).rule in {rule.name for rule in PACK.rules}


def test_every_named_command_exists(text: str) -> None:
    commands = re.findall(r"^\./stack ([a-z-]+)", text, re.M)
    assert "compliance" in commands
    assert set(commands) <= {command.name for group in GROUPS.values() for command in group}
    modules = re.findall(r"^python -m (policies\.\w+)", text, re.M)
    assert all((ROOT / f"{module.replace('.', '/')}.py").is_file() for module in modules)
