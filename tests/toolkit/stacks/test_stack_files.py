"""Stack files are read as the engine would, and what is wrong with them is said in one sentence."""

import subprocess
from pathlib import Path

import pytest

from tests.support.programs import write_program
from toolkit.engine.runs import StackRun
from toolkit.stacks import EvaluationError, Secret, StackFileError, evaluate, load_project, load_stack_config
from toolkit.stacks.settings import load_stack_file
from toolkit.stacks.stack_files import stack_files


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


OVERRIDDEN = """config:
  sample:settings:
    environment: dev
    function: {memory-mb: 512, timeout-seconds: 10}
    origins: [https://a.example, https://b.example]
  aws:region: eu-central-1
"""


def test_override_of_one_person_replaces_values_key_by_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_program(tmp_path, "", stack_file=OVERRIDDEN)
    (root / "Pulumi.dev.local.yaml").write_text(
        "config: {settings: {function: {memory-mb: 1024}, origins: [https://c.example]}, aws:region: sa-east-1}"
    )

    config = load_stack_config("dev", root)

    assert config["sample:settings"] == {
        "environment": "dev",
        "function": {"memory-mb": 1024, "timeout-seconds": 10},
        "origins": ["https://c.example"],
    }
    assert config["aws:region"] == "sa-east-1"
    assert capsys.readouterr().err == "Pulumi.dev.local.yaml overrides settings of dev.\n"
    assert load_stack_config("dev", root, overrides=False)["aws:region"] == "eu-central-1"
    assert list(stack_files(root)) == ["dev"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("encryptionsalt: v1", r"^Pulumi\.dev\.local\.yaml: unknown key `encryptionsalt`"),
        ("- config", r"^Pulumi\.dev\.local\.yaml: the file must be a mapping"),
        ("config: 1", r"^Pulumi\.dev\.local\.yaml: `config` must be a mapping"),
    ],
)
def test_broken_override_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    root = write_program(tmp_path, "", stack_file=OVERRIDDEN)
    (root / "Pulumi.dev.local.yaml").write_text(text)

    with pytest.raises(StackFileError, match=sentence):
        load_stack_config("dev", root)


@pytest.mark.parametrize("command", ["preview", "up"])
def test_engine_refuses_a_stack_with_an_override(tmp_path: Path, command: str) -> None:
    root = write_program(tmp_path, "", stack_file=OVERRIDDEN)
    (root / "Pulumi.dev.local.yaml").write_text("config: {}")

    with pytest.raises(StackFileError, match=r"^Pulumi\.dev\.local\.yaml overrides settings, and Pulumi does not read"):
        getattr(StackRun("dev", root), command)()


def test_override_is_never_committed() -> None:
    command = ["git", "check-ignore", "Pulumi.dev.local.yaml"]
    ignored = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True)
    assert ignored.stdout == "Pulumi.dev.local.yaml\n"


SERVICE = """[tool.toolkit]
secrets = "service.names:SECRETS"
"""


def service(tmp_path: Path, names: str) -> Path:
    """A project whose service declares secrets."""
    root = write_program(tmp_path, "", stack_file="config: {settings: {secrets: {own-key: {env: OWN_KEY_ARN}}}}")
    (root / "pyproject.toml").write_text(SERVICE)
    (root / "service").mkdir()
    (root / "service" / "names.py").write_text(names)
    return root


def test_secrets_are_those_of_the_service_and_of_the_stack(tmp_path: Path) -> None:
    root = service(tmp_path, "SECRETS = {'first-key': 'Signs'}")

    config = load_stack_config("dev", root)

    assert {key for key, value in config.items() if isinstance(value, Secret)} >= {"sample:first-key", "sample:own-key"}
    assert load_stack_file("dev", root).secrets == ("first-key", "own-key")


@pytest.mark.parametrize("names", ["", "SECRETS = 3", "SECRETS = {", "import nowhere"])
def test_secrets_that_cannot_be_loaded_are_a_sentence(tmp_path: Path, names: str) -> None:
    with pytest.raises(StackFileError, match=r"^pyproject\.toml: secrets is 'service\.names:SECRETS', which "):
        load_project(service(tmp_path, names))
