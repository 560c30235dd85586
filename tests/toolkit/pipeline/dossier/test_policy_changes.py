"""What a change does to the policies by which it is evaluated."""

import json
from datetime import date
from pathlib import Path

import pytest

from policies.pack import PACK
from tests.support.changed_program import git
from tests.support.packages import write
from toolkit.pipeline.dossier.policy_changes import guard_changes
from toolkit.policy.levels import levels_in

TODAY = date(2026, 11, 30)
WAIVER = {
    "rule": "s3-versioning",
    "urn": "urn:pulumi:prod::shop::aws:s3/bucket:Bucket::files",
    "reason": "until the copy is gone",
    "owner": "team",
    "expires": "2026-12-31",
}


def waivers(*found: dict[str, str]) -> str:
    return json.dumps({"waivers": list(found)})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with one rule that is stricter than today's, and one that is gone."""
    stricter = dict.fromkeys(levels_in(PACK, "prod"), "mandatory")
    files: dict[str, str | bytes] = {
        "policies/config/prod.json": json.dumps(
            {**levels_in(PACK, "prod"), "s3-versioning": "mandatory", "old-rule": "advisory"}
        ),
        "policies/config/dev.json": json.dumps(dict.fromkeys(stricter, "disabled")),
        "policies/waivers.yaml": waivers(),
        "policies/bounds.py": "",
    }
    write(tmp_path, files)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "base")
    return tmp_path


def files_of(folder: Path, base: str) -> Path:
    write(folder / "base", {"policies/waivers.yaml": base})
    return folder / "base"


def test_removed_rule_is_weaker_and_stricter_rule_is_not(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    report = guard_changes(PACK, root, "HEAD", files_of(tmp_path_factory.mktemp("x"), waivers()), TODAY)
    assert "old-rule: advisory to removed in prod" in report.weakened
    assert not any("dev" in each for each in report.weakened)


def test_added_removed_and_expired_waivers_are_reported(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    old = {**WAIVER, "expires": "2026-11-01"}
    write(root, {"policies/waivers.yaml": waivers(old)})
    report = guard_changes(PACK, root, "HEAD", files_of(tmp_path_factory.mktemp("x"), waivers(WAIVER)), TODAY)
    line = "s3-versioning at files of prod, until 2026-11-01 (team): until the copy is gone"
    assert (report.waivers_added, report.waivers_expired) == ((line,), (line,))
    assert report.waivers_removed == (line.replace("2026-11-01", "2026-12-31"),)


def test_changed_policy_files_are_listed_without_prices(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    write(root, {"policies/bounds.py": "x = 1", "toolkit/cost/prices.yaml": "", "policies/rules/new.py": ""})
    report = guard_changes(PACK, root, "HEAD", files_of(tmp_path_factory.mktemp("x"), waivers()), TODAY)
    assert report.files == ("policies/bounds.py", "policies/rules/new.py")
