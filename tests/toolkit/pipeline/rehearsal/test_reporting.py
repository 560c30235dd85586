"""The report holds each step and each difference once, nothing that must stay secret, and only its user reads it."""

import copy
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.support.rehearsal_baseline import as_text, baseline
from tests.toolkit.pipeline.rehearsal.conftest import Desk
from toolkit.pipeline.rehearsal.baseline import compare_forms, read_baseline, value_forms
from toolkit.pipeline.rehearsal.model import Difference
from toolkit.pipeline.rehearsal.probes import compare_answers
from toolkit.pipeline.rehearsal.progress import Progress
from toolkit.pipeline.rehearsal.redaction import ReportRedactor
from toolkit.pipeline.rehearsal.report import make_report
from toolkit.stacks import Secret
from toolkit.stacks.errors import RefusedError


def test_committed_baseline_matches_the_embedded_aws(tmp_path: Path) -> None:
    made = baseline(tmp_path)
    assert list(compare_answers(read_baseline()["answers"], made["answers"])) == []
    assert json.loads(as_text(made)) == read_baseline(), "run make generate"


def planted(place: str, probe: str, name: str, value: Any) -> list[Difference]:
    """The differences of answers in which one thing is another."""
    answers = copy.deepcopy(read_baseline()["answers"])
    target = answers[probe] if place == "status" else answers[probe][place]
    if value is None:
        del target[name]
    else:
        target[name] = value
    return list(compare_answers(read_baseline()["answers"], answers))


@pytest.mark.parametrize(
    ("place", "probe", "name", "value", "expected"),
    [
        ("headers", "health", "server", "apigw", ("value of another form", "uvicorn", "apigw")),
        ("headers", "no token", "www-authenticate", None, ("value missing", "Bearer", "not there")),
        ("headers", "health", "x-amz-cf-id", "present", ("value new", "not there", "present")),
        (
            "body",
            "throttled",
            "message",
            "Rate exceeded",
            ("value of another form", "Too Many Requests", "Rate exceeded"),
        ),
        ("status", "preflight", "status", 401, ("HTTP status", "204", "401")),
    ],
)
def test_changed_answer_gives_exactly_one_difference(
    place: str, probe: str, name: str, value: Any, expected: tuple[str, str, str]
) -> None:
    (difference,) = planted(place, probe, name, value)
    assert (difference.kind, difference.embedded, difference.real) == expected
    assert probe in difference.where


@pytest.mark.parametrize(
    ("real", "expected"),
    [
        ({"arn": "arn:aws:sqs:eu-central-1:1:q"}, ("value missing", "role size", "number")),
        ({"arn": "arn:aws:sqs:eu-central-1:1:q", "size": "3"}, ("value of another form", "role size", "number")),
        ({"arn": "q", "size": 3}, ("value of another form", "role arn", "ARN of sqs")),
        ({"arn": "arn:aws:sqs:::q", "size": 3, "tags": {"a": "b"}}, ("value new", "role tags.a", "not there")),
    ],
)
def test_changed_output_gives_exactly_one_difference(real: dict[str, Any], expected: tuple[str, str, str]) -> None:
    known = value_forms({"arn": "arn:aws:sqs:eu-central-1:111111111111:queue", "size": 5})
    (difference,) = compare_forms(known, value_forms(real), "role")
    assert (difference.kind, difference.where, difference.embedded) == expected


def test_value_empty_on_one_side_is_one_difference() -> None:
    known, real = value_forms({"rules": [{"id": "a", "days": 3}]}), value_forms({"rules": []})
    assert len(list(compare_forms(known, real, "bucket"))) == 1
    assert len(list(compare_forms(real, known, "bucket"))) == 1


def test_forms_hold_no_values() -> None:
    forms = value_forms(
        {"password": Secret("hunter-two"), "name": "items", "at": "2026-01-01T00:00:00Z", "n": [1, "a"]}
    )
    assert forms == {"password": "secret", "name": "text", "at": "timestamp", "n[]": "number or text"}


SECRETS = {
    "123456789012": "[account]",
    "arn:aws:iam::123456789012:role/a": "arn:aws:iam::[account]:role/a",
    "items-api-bootstrap-state-123456789012": "items-api-bootstrap-state-[account]",
    "owner@example.com": "[e-mail]",
    "AKIAIOSFODNN7EXAMPLE": "[key]",
    "ghp_abcdefghijklmnopqrstuvwxyz0123456789": "[token]",
    "eyJhbGciOi.eyJzdWIi.c2ln": "[token]",
    "a-secret-of-the-environment": "[secret]",
    "192.0.2.17": "[address]",
}


@pytest.mark.parametrize(("text", "safe"), SECRETS.items())
def test_secret_is_redacted_in_every_place(text: str, safe: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret-of-the-environment")
    assert ReportRedactor().value({text: [f"before {text} after"]}) == {safe: [f"before {safe} after"]}


@pytest.mark.parametrize("text", ["sha256 76ca0fb51453", "version 1.2.3", "2026-11-21T02:35:03Z", "0123456789ab"])
def test_text_without_a_secret_is_unchanged(text: str) -> None:
    assert ReportRedactor().text(text) == text


def test_report_has_no_secret_and_is_readable_by_its_user_only(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "a-secret-of-the-environment")
    text = " ".join(SECRETS)
    rehearsal = desk.rehearsal()
    rehearsal.context.facts = {**rehearsal.context.facts, "region": "eu-central-1"}
    attempt = rehearsal.progress.begin("up")
    attempt.result, attempt.detail = "done", text
    attempt.differences, attempt.answers = [Difference("error", text, text, text)], {"note": text}
    rehearsal.progress.save()
    make_report(rehearsal.context, rehearsal.progress)
    files = list(rehearsal.context.folder.iterdir())
    assert {file.name for file in files} == {"progress.json", "report.json", "report.md"}
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert [text for text in SECRETS if text in file.read_text()] == []


def test_same_difference_of_many_answers_is_one_row(desk: Desk) -> None:
    rehearsal = desk.rehearsal()
    rehearsal.context.facts = {**rehearsal.context.facts, "region": "eu-central-1"}
    attempt = rehearsal.progress.begin("probes")
    attempt.result = "done"
    probes = ("health", "no token", "created", "deleted")
    attempt.differences = [
        Difference("value missing", f"HTTP headers of {probe} server", "uvicorn", "not there") for probe in probes
    ]
    report = make_report(rehearsal.context, rehearsal.progress)
    assert len(report["differences"]) == 4
    rows = [line for line in (rehearsal.context.folder / "report.md").read_text().splitlines() if "uvicorn" in line]
    assert len(rows) == 1
    where = "HTTP headers of health, HTTP headers of no token, HTTP headers of created and 1 more"
    assert f"| server in {where} | uvicorn | not there |" in rows[0]


@pytest.mark.parametrize("text", ["{", "[]", '{"stack": "dev", "attempts": [{"step": 1}]}'])
def test_damaged_progress_file_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "progress.json").write_text(text)
    with pytest.raises(RefusedError, match=r"progress\.json is damaged: remove it"):
        Progress.read(tmp_path / "progress.json", "dev")


def test_progress_of_another_stack_is_refused(tmp_path: Path) -> None:
    Progress(tmp_path / "progress.json", "dev").save()
    with pytest.raises(RefusedError, match="is of the stack dev"):
        Progress.read(tmp_path / "progress.json", "test")
