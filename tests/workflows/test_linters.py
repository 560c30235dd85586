"""Everything in .github passes what lints it, and each linter is awake: it finds what is put there for it."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workflows import linters
from tests.workflows.linters import GITHUB, actionlint, schema, zizmor

WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
ACTIONS = sorted((GITHUB / "actions").glob("*/action.yml"))


def test_actionlint_finds_nothing() -> None:
    assert actionlint(WORKFLOWS) == ""


def test_zizmor_finds_nothing_with_its_strictest_persona() -> None:
    assert zizmor([GITHUB]) == ""


def test_every_file_is_valid_by_its_schema() -> None:
    assert schema("vendor.github-workflows", WORKFLOWS) == ""
    assert schema("vendor.github-actions", ACTIONS) == ""
    assert schema("vendor.dependabot", [GITHUB / "dependabot.yml"]) == ""


@pytest.mark.parametrize(
    ("linter", "was", "becomes", "said"),
    [
        (actionlint, "github.event.pull_request.number", "github.event.pull_request.nonsense.", "unexpected end"),
        (actionlint, '"${NUMBER:?}"', "${NUMBER:?}", "SC2086"),
        (actionlint, "needs: [offline, preview]", "needs: [nobody]", '"nobody" which does not exist'),
        (zizmor, "permissions: {}", "permissions: write-all", "excessive-permissions"),
        (zizmor, "run: make check", "run: echo ${{ github.head_ref }}", "template-injection"),
        (zizmor, '"false"', '"true"', "artipacked"),
        (
            zizmor,
            "uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1",
            "uses: actions/checkout@v7",
            "unpinned",
        ),
        (zizmor, "uses: actions/checkout@", "uses: another/checkout@", "forbidden-uses"),
    ],
)
def test_a_linter_finds_what_is_wrong(
    linter: Callable[[list[Path]], str], was: str, becomes: str, said: str, tmp_path: Path
) -> None:
    text = (GITHUB / "workflows" / "pull-request.yml").read_text()
    assert was in text
    broken = tmp_path / ".github" / "workflows" / "broken.yml"
    broken.parent.mkdir(parents=True)
    broken.write_text(text.replace(was, becomes))

    assert said in linter([broken])


@pytest.mark.parametrize(("was", "becomes"), [("timeout-minutes: 10", "timeout-minutes: []"), ("needs:", "neds:")])
def test_the_schema_finds_what_is_wrong(was: str, becomes: str, tmp_path: Path) -> None:
    text = (GITHUB / "workflows" / "pull-request.yml").read_text()
    assert was in text
    (tmp_path / "broken.yml").write_text(text.replace(was, becomes))

    assert "Schema validation errors" in schema("vendor.github-workflows", [tmp_path / "broken.yml"])


def test_actionlint_is_the_pinned_one() -> None:
    said = subprocess.run([linters.actionlint_cli(), "-version"], capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[0].lstrip("v") == "1.7.12"
