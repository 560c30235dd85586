from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.github_fake import REPOSITORY, Repository, github_fake
from toolkit.pipeline.drift.findings import Drift, DriftFileError, DriftFinding, read_drift
from toolkit.pipeline.drift.issues import publish_drift
from toolkit.pipeline.github.client import GitHub

FOUND = Drift("prod", False, (DriftFinding("urn:pulumi:prod::shop::aws:s3/bucket:Bucket::files", "update", ("acl",)),))
MORE = Drift("prod", False, (*FOUND.findings, DriftFinding("urn:pulumi:prod::shop::x::role", "delete")))
CLEAN = Drift("prod", True)


@pytest.fixture
def repository() -> Iterator[Repository]:
    with github_fake() as found:
        yield found


@pytest.fixture
def github(repository: Repository) -> GitHub:
    return GitHub(REPOSITORY, "token", repository.url, sleep=lambda _seconds: None)


def test_drift_opens_an_issue_with_its_label(github: GitHub, repository: Repository) -> None:
    assert publish_drift(github, "shop", FOUND) == "prod: issue 1 is opened."
    (issue,) = repository.issues
    assert issue["labels"] == [{"name": "drift"}]
    assert repository.labels == ["drift"]
    assert "`aws:s3/bucket:Bucket::files` | update | `acl`" in issue["body"]


def test_unchanged_drift_writes_nothing(github: GitHub, repository: Repository) -> None:
    publish_drift(github, "shop", FOUND)
    repository.requests.clear()
    assert publish_drift(github, "shop", FOUND) == "prod: issue 1 is up to date."
    assert {method for method, _ in repository.requests} == {"GET"}


def test_changed_drift_updates_the_issue(github: GitHub, repository: Repository) -> None:
    publish_drift(github, "shop", FOUND)
    assert publish_drift(github, "shop", MORE) == "prod: issue 1 is updated."
    assert len(repository.issues) == 1
    assert "2 resources drifted" in repository.issues[0]["body"]


def test_resolved_drift_closes_the_issue_with_a_comment(github: GitHub, repository: Repository) -> None:
    publish_drift(github, "shop", FOUND)
    assert publish_drift(github, "shop", CLEAN) == "prod: no drift; issue 1 is closed."
    assert repository.issues[0]["state"] == "closed"
    assert "The stack matches its last deployment again" in repository.comments[0]["body"]


def test_returning_drift_reopens_the_issue(github: GitHub, repository: Repository) -> None:
    for drift in (FOUND, CLEAN):
        publish_drift(github, "shop", drift)
    assert publish_drift(github, "shop", MORE) == "prod: issue 1 is reopened."
    assert [issue["state"] for issue in repository.issues] == ["open"]


def test_clean_stack_without_an_issue_writes_nothing(github: GitHub, repository: Repository) -> None:
    assert publish_drift(github, "shop", CLEAN) == "prod: no drift."
    assert {method for method, _ in repository.requests} == {"GET"}


def test_each_stack_has_its_own_issue(github: GitHub, repository: Repository) -> None:
    publish_drift(github, "shop", FOUND)
    publish_drift(github, "shop", Drift("dev", False, FOUND.findings))
    publish_drift(github, "shop", CLEAN)
    assert [issue["state"] for issue in repository.issues] == ["closed", "open"]


def test_foreign_issues_and_pull_requests_are_not_edited(github: GitHub, repository: Repository) -> None:
    marker = "<!-- drift of shop/prod -->"
    repository.open(marker, ["drift"], "ana")
    repository.open(marker, ["drift"], pull_request={})
    publish_drift(github, "shop", FOUND)
    assert [issue["body"] == marker for issue in repository.issues] == [True, True, False]


def test_issue_is_found_among_hundreds(github: GitHub, repository: Repository) -> None:
    publish_drift(github, "shop", FOUND)
    for number in range(150):
        repository.open(f"other {number}", ["drift"])
    assert publish_drift(github, "shop", MORE) == "prod: issue 1 is updated."


def test_thousands_of_findings_fit_the_issue(github: GitHub, repository: Repository) -> None:
    findings = tuple(DriftFinding(f"urn:pulumi:prod::shop::x::{'n' * 80}{number}", "update") for number in range(5_000))
    publish_drift(github, "shop", Drift("prod", False, findings))
    assert len(repository.issues[0]["body"]) <= 65_536
    assert "5,000 resources drifted" in repository.issues[0]["body"]


def test_hostile_name_is_escaped(github: GitHub, repository: Repository) -> None:
    publish_drift(github, "shop", Drift("prod", False, (DriftFinding("a::b::<img src=x>`@all`", "update", ("|x|",)),)))
    body = repository.issues[0]["body"]
    assert "<img" not in body
    assert "`@all`" not in body


def test_findings_file_keeps_details_for_the_issue(github: GitHub, repository: Repository, tmp_path: Path) -> None:
    code = DriftFinding("u", "code", ("sourceCodeHash",), "the live code is 0123")
    Drift.of("prod", [code]).write(tmp_path / "prod.json")
    found = read_drift(tmp_path / "prod.json")
    assert found == Drift("prod", False, (code,))
    publish_drift(github, "shop", found)
    assert "| `u` | code | `sourceCodeHash` | the live code is 0123 |" in repository.issues[0]["body"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"stack": "prod"}', '{"stack": 3, "clean": "maybe"}'])
def test_damaged_findings_file_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "prod.json"
    file.write_text(text)
    with pytest.raises(DriftFileError, match="holds no findings of a drift check; write it: "):
        read_drift(file)
