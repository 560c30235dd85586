"""The files of levels: as the table has them, and refused where the engine would keep silent."""

from pathlib import Path

import pytest

from policies.pack import PACK
from tests.support.command_line import code_of
from toolkit.policy.crossguard import pack_policies
from toolkit.policy.levels import REPORTING_POLICIES, LevelsFileError, as_text, check, levels_in
from toolkit.policy.pack import describe_stack
from toolkit.stacks.settings import ENVIRONMENTS, Environment


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_committed_levels_match_the_rules(environment: Environment) -> None:
    text = (PACK.levels_folder / f"{environment}.json").read_text()
    assert text == as_text(PACK, environment), "the levels changed: run: ./stack generate"
    check(PACK, PACK.levels_folder / f"{environment}.json")


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_levels_match_those_of_the_engine_policies(environment: Environment) -> None:
    policies = pack_policies(
        PACK.rules, describe_stack(PACK, "a-stack", "items-api", {"items-api:settings": {"environment": environment}})
    )
    assert {one.name: one.enforcement_level.value for one in policies if one.enforcement_level} == levels_in(
        PACK, environment
    )


def test_levels_files_are_those_of_the_environments() -> None:
    assert sorted(file.stem for file in PACK.levels_folder.iterdir()) == sorted(ENVIRONMENTS)


def test_level_in_an_object_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "levels.json").write_text('{"lambda-memory-cap": {"enforcementLevel": "advisory"}}')
    check(PACK, tmp_path / "levels.json")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"lambda-is-nice": "mandatory"}', "no rule 'lambda-is-nice'"),
        ('{"all": "advisory"}', "no rule 'all'"),
        ('{"lambda-memory-cap": "strict"}', "the level 'strict'; write one of disabled"),
        ('{"lambda-memory-cap": true}', "the level True"),
        ('{"lambda-memory-cap": {}}', "the level None"),
        ('{"lambda-memory-cap": {"enforcementLevel": "disabled", "most": 1}}', "the unknown key 'most'"),
        ('{"lambda-memory-cap": "advisory", "lambda-memory-cap": "disabled"}', "written twice"),
        ('["lambda-memory-cap"]', "must be a JSON object"),
        ('{"lambda-memory-cap": ', "is not JSON"),
    ],
)
def test_entry_that_the_engine_ignores_is_rejected_with_one_sentence(text: str, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "levels.json"
    file.write_text(text)
    with pytest.raises(LevelsFileError) as refusal:
        check(PACK, file)
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_command_rejects_an_invalid_file_with_one_sentence_and_exit_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code_of("levels", str(tmp_path / "none.json")) == 2
    assert f"{tmp_path / 'none.json'} cannot be read: No such file or directory;" in capsys.readouterr().err
    assert code_of("levels", str(PACK.levels_folder / "prod.json")) == 0


def test_reporting_policies_have_other_names_than_rules() -> None:
    assert not {rule.name for rule in PACK.rules} & set(REPORTING_POLICIES)
