"""Accepted deviations: each is for a rule, has its reason, and is needed."""

from pathlib import Path

import pytest

from policies.pack import PACK
from toolkit.policy.accepted import load_accepted
from toolkit.policy.waivers import WaiverFileError

GOOD = "accepted: [{rule: r, resources: [a], reason: for a reason, owner: o, reviewed: 2026-11-30}]"


def test_committed_deviations_name_a_rule_or_a_condition() -> None:
    assert {one.rule for one in load_accepted(PACK.accepted_file)} <= {
        rule.name for rule in (*PACK.rules, *PACK.conditions)
    }


def test_accepted_deviation_is_read(tmp_path: Path) -> None:
    file = tmp_path / "accepted.yaml"
    file.write_text(GOOD)
    assert load_accepted(file)[0].owner == "o"


@pytest.mark.parametrize(
    "text",
    [
        "accepted: 1",
        "other: []",
        GOOD.replace("for a reason", "because"),
        GOOD.replace("owner: o", "owner: ''"),
        GOOD.replace("[a]", "[]"),
        GOOD.replace("2026-11-30", "soon"),
        GOOD.replace("rule: r,", ""),
    ],
)
def test_invalid_file_is_rejected_with_one_sentence(text: str, tmp_path: Path) -> None:
    file = tmp_path / "accepted.yaml"
    file.write_text(text)
    with pytest.raises(WaiverFileError) as error:
        load_accepted(file)
    assert "\n" not in str(error.value)
