"""Waivers: accepted entries, and the result of the rule that checks them."""

from datetime import timedelta
from pathlib import Path

import pytest

from policies.pack import PACK
from policies.rules.lambda_.functions import lambda_timeout_bounded
from policies.rules.waivers import waiver_rule
from tests.support.policy_servicer import TODAY, Servicer, Subject, urn
from toolkit.policy.rule import StackRule
from toolkit.policy.waivers import MAX_DURATION, Waiver, WaiverFileError, load_waivers
from toolkit.resource_types.lambda_ import FUNCTION

SLOW = Subject(FUNCTION, {"timeout": 901})
QUICK = Subject(FUNCTION, {"timeout": 9})
ENTRY = {
    "rule": "lambda-timeout-bounded",
    "urn": "urn:pulumi:prod::items-api::aws:lambda/function:Function::subject",
    "reason": "the nightly import takes long",
    "owner": "a-team",
    "expires": "2026-12-24",
}


def waiver(**changes: str) -> Waiver:
    return Waiver.model_validate({**ENTRY, **changes})


def violations(subject: Subject, *waivers: Waiver) -> list[str]:
    rule: StackRule = waiver_rule([lambda_timeout_bounded])
    found = Servicer([rule], waivers=waivers).analyze_stack(subject)
    return [diagnostic.message.splitlines()[1] for diagnostic in found]


def write(path: Path, entry: dict[str, str]) -> Path:
    lines = [f"{'-' if number == 0 else ' '} {key}: {value!r}" for number, (key, value) in enumerate(entry.items())]
    path.write_text("waivers:\n" + "\n".join(lines) + "\n")
    return path


def test_committed_waivers_are_valid() -> None:
    assert all(one.rule in {rule.name for rule in PACK.rules} for one in load_waivers(PACK.waivers_file))


def test_needed_waiver_passes() -> None:
    assert violations(SLOW, waiver()) == []


def test_waiver_of_another_stack_is_ignored() -> None:
    assert violations(QUICK, waiver(urn=ENTRY["urn"].replace(":prod:", ":dev:"))) == []


def test_unneeded_waiver_is_reported() -> None:
    assert ["not needed" in message for message in violations(QUICK, waiver())] == [True]


def test_waiver_for_an_unknown_resource_is_reported() -> None:
    assert ["lacks" in message for message in violations(SLOW, waiver(urn=urn(FUNCTION, "another")))] == [True]


def test_waiver_for_an_unknown_rule_is_reported() -> None:
    assert ["does not have" in message for message in violations(SLOW, waiver(rule="lambda-is-nice"))] == [True]


def test_expired_waiver_is_reported_and_no_longer_counts() -> None:
    expired = waiver(expires=str(TODAY - timedelta(days=1)))
    assert ["expired" in message for message in violations(SLOW, expired)] == [True]
    assert Servicer([lambda_timeout_bounded], waivers=(expired,)).analyze(SLOW)


def test_waiver_is_valid_on_its_last_day() -> None:
    assert violations(SLOW, waiver(expires=str(TODAY))) == []


@pytest.mark.parametrize(("days", "too_long"), [(MAX_DURATION.days, False), (MAX_DURATION.days + 1, True)])
def test_waiver_longer_than_90_days_is_reported(days: int, too_long: bool) -> None:
    messages = violations(SLOW, waiver(expires=str(TODAY + timedelta(days=days))))
    assert ["lasts too long" in message for message in messages] == [True] * too_long


def test_waiver_in_the_file_is_read(tmp_path: Path) -> None:
    assert load_waivers(write(tmp_path / "waivers.yaml", ENTRY)) == (waiver(),)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"urn": "urn:pulumi:prod::items-api::aws:lambda/function:Function::*"}, "without wildcards"),
        ({"urn": "urn:pulumi:*::items-api::aws:lambda/function:Function::f"}, "without wildcards"),
        ({"urn": "api-function"}, "without wildcards"),
        ({"owner": " "}, "name the owner"),
        ({"reason": "because"}, "at least three words"),
        ({"expires": "soon"}, "expires is 'soon'"),
        ({"approver": "a-team"}, "approver"),
    ],
)
def test_invalid_waiver_is_rejected_with_one_sentence(changes: dict[str, str], sentence: str, tmp_path: Path) -> None:
    path = write(tmp_path / "waivers.yaml", ENTRY | changes)
    with pytest.raises(WaiverFileError) as refusal:
        load_waivers(path)
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("missing", ["rule", "urn", "reason", "owner", "expires"])
def test_waiver_without_a_field_is_rejected_by_name(missing: str, tmp_path: Path) -> None:
    path = write(tmp_path / "waivers.yaml", {key: value for key, value in ENTRY.items() if key != missing})
    with pytest.raises(WaiverFileError, match=f"{missing} is missing"):
        load_waivers(path)


@pytest.mark.parametrize("text", ["waivers: [", "- rule: x", "", "waivers: all", "waivers: []\nothers: []"])
def test_damaged_file_is_rejected_with_one_sentence(text: str, tmp_path: Path) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_text(text)
    with pytest.raises(WaiverFileError, match=r"waivers\.yaml"):
        load_waivers(path)


def test_missing_file_is_rejected_with_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WaiverFileError, match="is missing"):
        load_waivers(tmp_path / "waivers.yaml")
