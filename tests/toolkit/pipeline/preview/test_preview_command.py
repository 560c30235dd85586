"""`preview`, on the real program in a repository of its own, changed by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.changed_program import edit, git, run


def previewed(clone: Path, stack: str, *words: str) -> tuple[int, dict[str, Any]]:
    code, _, _ = run("changes", stack, "--offline", *words)
    return code, json.loads((clone / "build" / "preview" / f"{stack.replace('/', '.')}.json").read_text())


def test_unchanged_stack_has_no_changes(clone: Path) -> None:
    code, found = previewed(clone, "dev")
    assert (code, found["status"], found["changes"], found["data_losses"]) == (0, "ok", [], [])
    assert found["cost"]["expected"] > 0
    assert found["cost"]["expected_delta"] == 0


def test_changed_setting_is_printed_with_its_cost(clone: Path) -> None:
    edit(clone, "Pulumi.dev.yaml", "memory-mb: 512", "memory-mb: 256")
    _, found = previewed(clone, "dev")
    (change,) = found["changes"]
    assert change["properties"] == [{"path": "memorySize", "before": "512", "after": "256"}]
    assert found["cost"]["expected_delta"] < 0


def test_changed_table_key_replaces_the_table_and_may_lose_data(clone: Path) -> None:
    edit(clone, "infrastructure/components/table.py", 'hash_key="owner"', 'hash_key="tenant"')
    _, found = previewed(clone, "dev")
    operations = {change["name"]: change["operation"] for change in found["changes"]}
    assert operations["items-table"] == "replace"
    assert {loss["lost"] for loss in found["data_losses"]} == {"every record of the table"}


def test_new_violation_blocks_and_is_printed_as_new(clone: Path) -> None:
    edit(clone, "Pulumi.dev.yaml", "memory-mb: 512", "memory-mb: 3008")
    code, found = previewed(clone, "dev")
    assert (code, found["status"]) == (1, "blocked")
    (finding,) = [each for each in found["policies"] if each["blocks"]]
    assert (finding["rule"], finding["level"], finding["new"]) == ("lambda-memory-cap", "mandatory", True)


def test_failing_program_is_reported_in_one_sentence(clone: Path) -> None:
    edit(clone, "Pulumi.dev.yaml", "memory-mb: 512", "memory-mb: lots")
    code, found = previewed(clone, "dev")
    assert (code, found["status"]) == (1, "failed")
    assert "memory-mb" in found["error"]


def test_base_that_cannot_be_evaluated_hides_no_violation(clone: Path) -> None:
    edit(clone, "Pulumi.dev.yaml", "memory-mb: 512", "memory-mb: lots")
    git(clone, "commit", "--quiet", "-am", "broken")
    edit(clone, "Pulumi.dev.yaml", "memory-mb: lots", "memory-mb: 3008")
    code, found = previewed(clone, "dev", "--base", "HEAD")
    assert (code, found["status"], found["changes"]) == (1, "blocked", [])
    assert "the base cannot be evaluated" in found["notes"][0]


def test_new_stack_creates_every_resource(clone: Path) -> None:
    git(clone, "rm", "--quiet", "--cached", "Pulumi.dev.yaml")
    git(clone, "commit", "--quiet", "-m", "without dev")
    _, found = previewed(clone, "dev", "--base", "HEAD")
    assert {change["operation"] for change in found["changes"]} == {"create"}
    assert found["notes"] == ["This stack is new: everything in it is created."]


def test_permission_added_to_a_bootstrap_role_is_printed(clone: Path) -> None:
    file = "infrastructure/bootstrap/Pulumi.dev.yaml"
    edit(clone, file, (clone / file).read_text(), (clone / file).read_text().replace("items-team", "other-team"))
    _, found = previewed(clone, "bootstrap/dev")
    assert found["project"] == "items-api-bootstrap"
    assert found["changes"]


def test_changed_code_updates_the_function(clone: Path) -> None:
    (clone / "api" / "__init__.py").write_text('"""Other words."""\n')
    _, found = previewed(clone, "dev")
    assert {each["path"] for change in found["changes"] for each in change["properties"]} == {"code"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nowhere",), "There is no stack 'nowhere': the stacks are dev,"),
        (("dev", "--base", "$(touch gone)"), "is no commit here"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(clone: Path, words: tuple[str, ...], sentence: str) -> None:
    code, out, err = run("changes", "--offline", *words)
    assert (code, out) == (2, "")
    assert sentence in err.replace("\n", " ")
    assert not (clone / "gone").exists()


def test_price_of_another_region_is_noted_and_marked(clone: Path) -> None:
    edit(clone, "Pulumi.dev.yaml", "aws:region: eu-central-1", "aws:region: sa-east-1")
    _, found = previewed(clone, "dev")
    (note,) = [note for note in found["notes"] if note.startswith("Of the cost, ")]
    assert note.startswith("Of the cost, the price of us-east-1 counts, because the list has none of the region: ")
    assert any(line["formula"].endswith("(price of us-east-1)") for line in found["cost"]["lines"])
