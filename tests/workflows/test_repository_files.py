"""Who is asked about a change and which dependencies are looked after: the files that GitHub reads beside workflows."""

import re

import pytest
import yaml

from tests.workflows.workflow_files import GITHUB, ROOT

OWNED = [line.split()[0] for line in (GITHUB / "CODEOWNERS").read_text().splitlines() if line and line[0] != "#"]
UPDATES = yaml.safe_load((GITHUB / "dependabot.yml").read_text())["updates"]


@pytest.mark.parametrize("pattern", [pattern for pattern in OWNED if pattern != "*"])
def test_what_has_an_owner_is_there(pattern: str) -> None:
    assert (ROOT / pattern.strip("/")).exists()


def test_nobody_changes_the_pipeline_or_the_rules_alone() -> None:
    assert {"*", "/.github/", "/infrastructure/", "/pipeline/", "/policies/", "/Pulumi.prod.yaml"} <= set(OWNED)


@pytest.mark.parametrize("update", UPDATES, ids=lambda update: update["package-ecosystem"])
def test_a_release_is_a_week_old_before_it_is_proposed(update: dict[str, dict[str, int]]) -> None:
    assert update["cooldown"]["default-days"] >= 7


def test_every_go_module_and_every_action_is_looked_after() -> None:
    folders = {folder for update in UPDATES for folder in update.get("directories", [update.get("directory")])}
    modules = {f"/{file.parent.relative_to(ROOT)}" for file in (ROOT / "tests").glob("*/go.mod")}
    actions = {f"/{file.parent.relative_to(ROOT)}" for file in (GITHUB / "actions").glob("*/action.yml")}
    assert modules | actions | {"/"} <= folders


def test_a_pull_request_is_asked_the_projects_questions() -> None:
    asked = re.findall(r"^- \[ \] (.+)$", (GITHUB / "pull_request_template.md").read_text(), re.M)
    known = re.findall(r"^- \[ \] (.+)$", (ROOT / "CONTRIBUTING.md").read_text(), re.M)
    assert {line for line in asked if "dossier" not in line and "way back" not in line} <= set(known)
