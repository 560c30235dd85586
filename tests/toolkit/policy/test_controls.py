"""The file of a team's decisions about published controls."""

from pathlib import Path

import pytest

from toolkit.policy.controls import Control, load_decisions
from toolkit.stacks.errors import FileError

DECLINED = 'declined: [{controls: "NIST: S3.7; NAG: S1", asks: A state., reason: A reason.}]\n'


def test_decisions_in_the_file_are_read(tmp_path: Path) -> None:
    file = tmp_path / "controls.yaml"
    file.write_text(f"{DECLINED}evidence: {{SOC2: {{CC6.1: {{rules: [a-rule], partial: A part}}}}}}\n")
    found = load_decisions(file)
    assert found.declined[0].controls == (Control("NIST", "S3.7"), Control("NAG", "S1"))
    assert {str(control): one.rules for control, one in found.criteria.items()} == {
        "SOC 2, Trust Services Criteria 2017, points of focus of 2022 CC6.1": ("a-rule",)
    }


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (DECLINED.replace("NIST", "NIST7"), "unknown framework 'NIST7'"),
        (DECLINED.replace("reason", "because"), "reason"),
        ("evidence: {SOC2: {CC6.1: {rules: [], partial: A part}}}\n", "rules"),
        ("refused: []\n", "refused"),
    ],
)
def test_invalid_decisions_are_rejected_with_one_sentence(tmp_path: Path, text: str, names: str) -> None:
    file = tmp_path / "controls.yaml"
    file.write_text(text)
    with pytest.raises(FileError) as error:
        load_decisions(file)
    assert names in str(error.value)
    assert str(error.value).startswith("controls.yaml")
    assert "\n" not in str(error.value)
