"""Stack files are read as the engine would, and what is wrong with them is said in one sentence."""

from pathlib import Path

import pytest

from tests.support.programs import write_program
from toolkit.stacks import EvaluationError, Secret, StackFileError, evaluate, load_stack_config


def test_keys_get_the_project_as_prefix_and_secrets_are_marked(tmp_path: Path) -> None:
    stack_file = (
        "config:\n  colour: red\n  aws:region: us-east-1\n  sample:password: {secure: v1:abc}\n  token: {secure: x}"
    )
    config = load_stack_config("dev", write_program(tmp_path, "", stack_file=stack_file))

    assert config["sample:colour"] == "red"
    assert config["aws:region"] == "us-east-1"
    assert isinstance(config["sample:password"], Secret)
    assert isinstance(config["sample:token"], Secret)


def test_declared_secret_without_a_value_has_a_placeholder(tmp_path: Path) -> None:
    password = load_stack_config("dev", write_program(tmp_path, ""))["sample:password"]

    assert isinstance(password, Secret)
    assert len(password.reveal()) >= 32


def test_unreadable_stack_file_is_not_reported_as_missing(tmp_path: Path) -> None:
    root = write_program(tmp_path, "")
    (root / "Pulumi.dev.yaml").unlink()
    (root / "Pulumi.dev.yaml").mkdir()
    with pytest.raises(StackFileError, match=r"Pulumi\.dev\.yaml cannot be read: Is a directory\.$"):
        load_stack_config("dev", root)


def test_unquoted_date_becomes_the_same_text_as_in_the_engine(tmp_path: Path) -> None:
    root = write_program(tmp_path, "", stack_file="config: {day: 2027-01-31, settings: {day: '2027-01-31'}}")
    config = load_stack_config("dev", root)

    assert (config["sample:day"], config["sample:settings"]) == (
        "2027-01-31 00:00:00 +0000 UTC",
        {"day": "2027-01-31"},
    )


def test_declared_defaults_apply_unless_the_stack_overrides_them(tmp_path: Path) -> None:
    project = "name: sample\nruntime: python\nmain: program\nconfig:\n  colour: {default: red}\n  size: 3\n"
    root = write_program(tmp_path, "", project=project, stack_file="config: {sample:size: 4}")

    assert load_stack_config("dev", root) == {"sample:colour": "red", "sample:size": 4}


@pytest.mark.parametrize(
    ("stack_file", "sentence"),
    [
        ("config: [", r"^Pulumi\.dev\.yaml, line \d+: .+\.$"),
        ("config: [1]", r"^Pulumi\.dev\.yaml: `config` must be a mapping of keys to values, not list\.$"),
        ("- config", r"^Pulumi\.dev\.yaml: the file must be a mapping"),
        ("config: {a: 1, a: 2}", r"^Pulumi\.dev\.yaml, line 1: the key 'a' is written twice\.$"),
        ("confg: {}", r"^Pulumi\.dev\.yaml: unknown key `confg`"),
        ("config: {? [a] : 1}", r"^Pulumi\.dev\.yaml"),
        ("config: \x00", r"^Pulumi\.dev\.yaml"),
        ("config: {a: !!set {b, c}}", r"^Pulumi\.dev\.yaml, line 1: the tag '\S+:set' is not accepted"),
        ("config: {a: !!binary aGk=}", r"^Pulumi\.dev\.yaml, line 1: the tag '\S+:binary' is not accepted"),
        ("config: {a: &a [*a]}", r"^Pulumi\.dev\.yaml, line 1: the anchor 'a' contains itself\.$"),
    ],
)
def test_broken_stack_file_is_refused(tmp_path: Path, stack_file: str, sentence: str) -> None:
    root = write_program(tmp_path, "", stack_file=stack_file)

    with pytest.raises(StackFileError, match=sentence) as caught:
        load_stack_config("dev", root)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("stack", ["", "../dev", "dev/..", "d*", "Dev", "d\n", "-d", "d" * 64, "d\0", "é"])
def test_invalid_stack_name_is_refused_with_the_accepted_form(tmp_path: Path, stack: str) -> None:
    root = write_program(tmp_path, "")

    with pytest.raises(StackFileError, match=r"is no name of a stack; write 1 to 63 of a-z, 0-9 and -"):
        load_stack_config(stack, root)
    with pytest.raises(EvaluationError, match="is no name of a stack"):
        evaluate(stack, root=root)


@pytest.mark.parametrize("stack", ["prod", "d" * 63])
def test_error_of_an_unknown_stack_lists_the_known_ones(tmp_path: Path, stack: str) -> None:
    root = write_program(tmp_path, "")

    with pytest.raises(StackFileError, match=r"There is no stack .*: the stacks are dev\.$"):
        load_stack_config(stack, root)
    with pytest.raises(EvaluationError, match="There is no stack"):
        evaluate(stack, root=root)


def test_folder_without_a_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StackFileError, match=r"^There is no Pulumi\.yaml in"):
        load_stack_config("dev", tmp_path)


def test_project_without_a_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StackFileError, match=r"^Pulumi\.yaml has no `name`"):
        load_stack_config("dev", write_program(tmp_path, "", project="runtime: python"))
