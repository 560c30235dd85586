"""A smoke test passes what works, names what does not, and leaves neither items nor secrets behind."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import Result

from api.definition import COLLECTIONS
from infrastructure import smoke_checks
from tests.support.api_fake import HEADERS, SECRET, TOKEN, VERSION, ApiFake, api_fake
from tests.support.command_line import run_command
from tests.support.local_stack import ROOT, free_port
from toolkit.pipeline.smoke import session
from toolkit.pipeline.smoke.run import SmokeReport, smoke
from toolkit.pipeline.smoke.target import SmokeTarget
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.settings import StackSettings

SETTINGS = StackSettings.lenient({"environment": "prod", "api": {"cors-origins": ["https://app.example.com"]}})


@pytest.fixture(autouse=True)
def _only_the_collection_of_the_fake(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fake of the API has one collection, whatever the service declares."""
    of_fake = tuple(each for each in COLLECTIONS if each.path == "/api/v1/items")
    monkeypatch.setattr(smoke_checks, "COLLECTIONS", of_fake)


@pytest.fixture
def api() -> Iterator[ApiFake]:
    with api_fake() as server:
        yield server


def asked(api: ApiFake, wait: float = 0, version: str | None = VERSION) -> SmokeReport:
    return smoke(SmokeTarget.of("prod", api.outputs, SETTINGS, version=version), wait_seconds=wait)


def test_working_api_passes_every_check_and_keeps_no_item(api: ApiFake) -> None:
    report = asked(api)
    assert [step.name for step in report.steps if step.status != "passed"] == []
    assert len(report.steps) == 13
    assert api.items == {}


@pytest.mark.parametrize(
    ("fault", "check", "words"),
    [
        *((name, "headers", f"{name}: missing") for name in HEADERS),
        ("ready", "tables and queues", "GET /health/ready answers 503"),
        ("origins", "cross-origin refusal", "https://smoke-test.invalid returns Access-Control-Allow-Origin: *"),
        ("docs", "no documentation", "GET /docs answers 200, not 404"),
        ("open", "refused without a token", "answers 200, not 401"),
        ("gullible", "refused with a bad token", "answers 200, not 401"),
        ("sign-in", "sign-in", "the sign-in answers 400"),
        ("create", "create items", "POST /api/v1/items answers 500"),
        ("read", "read items", "returns another record than the created one"),
        ("list", "list items", "not in the list of 0 items"),
        ("delete", "delete items", "answers 200"),
    ],
)
def test_first_fault_is_named_and_ends_the_smoke_test(api: ApiFake, fault: str, check: str, words: str) -> None:
    api.faults.add(fault)
    report = asked(api)
    assert report.failure is not None
    assert (report.failure.name, words in report.failure.detail) == (check, True), report.failure
    names = [step.name for step in report.steps]
    later = report.steps[names.index(check) + 1 : names.index("clean-up")]
    assert {step.status for step in later} <= {"not run"}


@pytest.mark.parametrize("fault", ["create", "read"])
def test_created_item_is_deleted_after_a_failure(api: ApiFake, fault: str) -> None:
    api.faults.add(fault)
    assert asked(api).failure is not None
    assert api.items == {}


def test_items_of_other_callers_are_kept(api: ApiFake) -> None:
    api.items["theirs"] = {"id": "theirs", "name": "Hammer", "version": 1}
    api.faults.add("read")
    asked(api)
    assert list(api.items) == ["theirs"]


@pytest.mark.parametrize(("part", "value"), [("version", "ba9876543210"), ("environment", "dev")])
def test_other_version_than_the_deployed_one_fails(api: ApiFake, part: str, value: str) -> None:
    setattr(api, part, value)
    failure = asked(api).failure
    assert failure is not None
    assert f"the {part} is '{value}', not the deployed" in failure.detail


def test_smoke_test_waits_for_the_first_200(api: ApiFake) -> None:
    api.failures_first = 2
    report = asked(api, wait=30)
    assert report.failure is None
    assert report.steps[0].detail == "200 at try 3"


def test_throttled_request_is_repeated(api: ApiFake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "PAUSE_SECONDS", 0.01)
    api.throttled_first = 3
    assert asked(api).failure is None


def test_throttled_request_fails_after_the_longest_wait(api: ApiFake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "THROTTLED_SECONDS", 0.0)
    api.throttled_first = 1
    failure = asked(api).failure
    assert failure is not None
    assert failure.detail == "GET /api/v1/me answers 429, not 401"


def test_previous_version_may_answer_at_first(api: ApiFake) -> None:
    api.stale_first = 2
    assert asked(api, wait=30).failure is None


def test_wait_of_0_seconds_is_no_wait(api: ApiFake) -> None:
    api.failures_first = 1
    failure = asked(api).failure
    assert failure is not None
    assert failure.detail.startswith("GET /health answers 503")


def test_unreachable_address_fails_with_one_sentence(api: ApiFake) -> None:
    outputs = {**api.outputs, "api_url": f"http://127.0.0.1:{free_port()}"}
    failure = smoke(SmokeTarget.of("prod", outputs, SETTINGS), wait_seconds=0).failure
    assert failure is not None
    assert failure.detail.startswith("GET /health gets no answer")


def test_secret_in_a_response_is_not_printed(api: ApiFake) -> None:
    api.faults.add("sign-in")
    printed = json.dumps(asked(api).document())
    assert SECRET not in printed
    assert "[hidden]" in printed
    api.faults = {"create"}
    assert TOKEN not in json.dumps(asked(api).document())


def test_outputs_without_an_address_are_refused(api: ApiFake) -> None:
    outputs = {name: value for name, value in api.outputs.items() if name != "api_url"}
    with pytest.raises(RefusedError, match="The outputs of prod have no usable api_url"):
        SmokeTarget.of("prod", outputs, SETTINGS)


def run_smoke(api: ApiFake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> Result:
    """Return the result of the command in a checkout that has only stack files."""
    for file in ROOT.glob("Pulumi*.yaml"):
        (tmp_path / file.name).write_text(file.read_text())
    outputs = tmp_path / "outputs.json"
    outputs.write_text(json.dumps(api.outputs))
    monkeypatch.chdir(tmp_path)
    return run_command("smoke", "prod", "--outputs", str(outputs), "--wait", "0", *options)


def test_smoke_command_exits_with_0_or_with_1_and_the_failed_check(
    api: ApiFake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = run_smoke(api, tmp_path, monkeypatch, "--json")
    assert (good.exit_code, json.loads(good.stdout)["ok"]) == (0, True)
    api.faults.add("open")
    bad = run_smoke(api, tmp_path, monkeypatch)
    assert bad.exit_code == 1
    assert "prod failed the smoke test at refused without a token" in bad.stderr


def test_file_without_outputs_is_refused(api: ApiFake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = run_smoke(api, tmp_path, monkeypatch, "--outputs", "nowhere.json")
    assert ended.exit_code == 1
    assert "nowhere.json cannot be read: No such file or directory: start the local stack" in ended.stderr


@pytest.mark.parametrize(
    ("environment", "docs_enabled", "checked"),
    [("dev", False, True), ("dev", True, False), ("dev", None, False), ("staging", None, True)],
)
def test_disabled_documentation_must_be_missing(
    api: ApiFake, environment: str, docs_enabled: bool | None, checked: bool
) -> None:
    settings = StackSettings.lenient({"environment": environment, "api": {"docs-enabled": docs_enabled}})
    report = smoke(SmokeTarget.of("dev", api.outputs, settings, version=VERSION), wait_seconds=0)
    assert ("no documentation" in {step.name for step in report.steps}) == checked
