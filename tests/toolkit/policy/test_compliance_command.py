"""The command that writes the reports: the files, the exit code and the messages for invalid input."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from policies.pack import PACK
from tests.support.command_line import code_of
from tests.support.policy_servicer import TODAY
from toolkit.policy.assessment import Assessment
from toolkit.policy.compliance.account import account_of
from toolkit.policy.compliance.identity import Identity, identify
from toolkit.policy.compliance.readiness import Answer
from toolkit.policy.compliance.reports import FORMS
from toolkit.policy.stack import Stack
from toolkit.stacks import ResourceGraph, evaluate
from toolkit.stacks.preview import as_json

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where the reports go."""
    return tmp_path / "out"


def state(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """A file with the resources of the stack dev, some of its text changed."""
    text = as_json(evaluate("dev", root=ROOT), ROOT)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file = tmp_path / "state.json"
    file.write_text(text)
    return file


def identity(root: Path) -> Identity:
    assessment = Assessment(PACK, Stack("dev", "dev", TODAY), ResourceGraph("items-api", "dev", (), {}), ())
    return identify(assessment, root, state=None)


def project(folder: Path) -> Path:
    """A folder with the files of one stack, outside of any repository."""
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml"):
        shutil.copy(ROOT / name, folder)
    return folder


def test_every_stack_gets_every_form(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("compliance", "dev", "prod", "--out", str(out)) == 0
    assert {file.name for file in out.iterdir()} == {f"{stack}.{form}" for stack in ("dev", "prod") for form in FORMS}
    assert f"{out}/prod.{{md,html,json,sarif,xml}}" in capsys.readouterr().out


def test_command_without_names_reports_every_stack(out: Path, tmp_path: Path) -> None:
    assert code_of("compliance", "--out", str(out)) == 0
    assert {file.stem for file in out.iterdir()} == {"dev", "local", "staging", "prod"}


def test_account_is_reported_by_its_own_file(out: Path) -> None:
    assert code_of("compliance", "bootstrap/prod", "--out", str(out)) == 0
    found = json.loads((out / "bootstrap" / "prod.json").read_text())
    assert found["stack"]["file"] == "infrastructure/bootstrap/Pulumi.prod.yaml"
    assert (ROOT / found["stack"]["file"]).is_file()
    (cis,) = (
        one for one in found["frameworks"] if one["name"] == "CIS AWS Foundations Benchmark" and "3.0.0" in one["title"]
    )
    assert {one["id"]: one["verdict"] for one in cis["controls"]}["3.1"] == "pass"


def test_state_has_the_same_report_as_its_program(tmp_path: Path, out: Path) -> None:
    assert code_of("compliance", "dev", "--out", str(out / "program")) == 0
    assert code_of("compliance", "--state", str(state(tmp_path)), "--out", str(out / "state")) == 0
    program, exported = (json.loads((out / kind / "dev.json").read_text()) for kind in ("program", "state"))
    assert exported["stack"].pop("evaluated") == "the state in state.json"
    assert program["stack"].pop("evaluated") == "the program"
    assert {one.pop("auditor")["answer"] for one in (program, exported)} <= {one.value for one in Answer}
    assert exported == program


def test_blocked_stack_exits_with_1(tmp_path: Path, out: Path) -> None:
    file = state(tmp_path, ('"authorizationType": "JWT"', '"authorizationType": "NONE"'))
    assert code_of("compliance", "--state", str(file), "--out", str(out)) == 1
    assert json.loads((out / "dev.json").read_text())["blocked"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere"], "There is no stack 'nowhere': the stacks are dev, local, prod, staging."),
        (["docs/dev"], "Invalid value for 'STACK': there is no project 'docs': write STACK or bootstrap/STACK."),
        (["--state", "README.md"], "README.md is not JSON, or only a part of it"),
        (["--state", "nothing.json"], "nothing.json cannot be read: No such file or directory"),
        (["--state", "docs/openapi.json"], "docs/openapi.json holds no stack"),
    ],
)
def test_invalid_input_is_rejected_with_one_sentence_and_no_report(
    arguments: list[str], sentence: str, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code_of("compliance", *arguments, "--out", str(out)) == 2
    error = capsys.readouterr().err.strip()
    assert error.startswith(f"error: {sentence}")
    assert "\n" not in error
    assert not out.exists()


def test_truncated_state_is_rejected_with_one_sentence(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = state(tmp_path)
    file.write_text(file.read_text()[:5000])
    assert code_of("compliance", "--state", str(file), "--out", str(out)) == 2
    assert "only a part of it" in capsys.readouterr().err


def test_state_of_a_stack_without_a_file_is_rejected_with_one_sentence(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        code_of("compliance", "--state", str(state(tmp_path, ('"stack": "dev"', '"stack": "gone"'))), "--out", str(out))
        == 2
    )
    assert "There is no stack 'gone'" in capsys.readouterr().err


def test_output_folder_that_cannot_be_created_is_rejected_with_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert code_of("compliance", "dev", "--out", str(tmp_path / "file" / "below")) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_report_names_what_was_evaluated_and_where() -> None:
    found = identity(ROOT)
    config = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text())["config"]
    assert found.account == config["items-api:settings"]["account-id"]
    assert (found.region, found.environment) == (config["aws:region"], "dev")
    assert found.file == "Pulumi.dev.yaml"


def test_report_outside_a_repository_has_no_commit(tmp_path: Path) -> None:
    assert identity(project(tmp_path)).commit is None


def test_report_in_a_repository_names_commit_and_changes(tmp_path: Path) -> None:
    project(tmp_path)
    author = ["-c", "user.name=author", "-c", "user.email=author@example.com", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "."], [*author, "commit", "-qm", "first"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    commit = identity(tmp_path).commit
    assert commit is not None
    assert (len(commit.hash), commit.changed) == (40, False)
    with (tmp_path / "Pulumi.dev.yaml").open("a") as file:
        file.write("# changed\n")
    changed = identity(tmp_path).commit
    assert changed is not None
    assert (changed.hash, changed.changed) == (commit.hash, True)


def test_failing_bootstrap_program_is_reported_and_the_stack_is_still_evaluated(tmp_path: Path) -> None:
    folder = project(tmp_path) / "infrastructure" / "bootstrap"
    folder.mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text("name: items-api-bootstrap\nruntime: python\n")
    account = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text())["config"]["items-api:settings"]["account-id"]
    settings = {"config": {"items-api-bootstrap:settings": {"account-id": account}}}
    (folder / "Pulumi.dev.yaml").write_text(yaml.safe_dump(settings))
    assessment = Assessment(PACK, Stack("dev", "dev", TODAY), ResourceGraph("items-api", "dev", (), {}), ())
    found = account_of(assessment, tmp_path)
    assert (found.evaluated, found.words.startswith("could not be evaluated: ")) == (False, True)


def test_account_of_a_stack_is_the_bootstrap_stack_with_the_same_account_id() -> None:
    found = account_of(
        Assessment(PACK, Stack("prod", "prod", TODAY), ResourceGraph("items-api", "prod", (), {}), ()), ROOT
    )
    assert found.evaluated
    assert found.words.startswith("items-api-bootstrap/prod, the program, ")


def test_stack_without_a_bootstrap_stack_is_reported() -> None:
    found = account_of(
        Assessment(PACK, Stack("local", "local", TODAY), ResourceGraph("items-api", "local", (), {}), ()), ROOT
    )
    assert (found.evaluated, found.words) == (False, "no bootstrap stack of this project is for the account")
