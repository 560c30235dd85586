"""`./stack cost`, as people and programs call it."""

import json
import subprocess
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest

from policies.pack import PACK
from tests.support.command_line import code_of
from tests.support.programs import write_program
from toolkit.pipeline.preview.cost import cost_of
from toolkit.stacks import evaluate
from toolkit.stacks.preview import as_json

PROGRAM = """
import pulumi_aws as aws

for name in {names}:
    aws.cloudwatch.Dashboard(name, dashboard_name=name, dashboard_body="{{}}")
"""
STACK_FILE = "config: {aws:region: eu-central-1, sample:usage: {requests: 0, duration-ms: 0}}"
BAD_USAGE = STACK_FILE.replace("requests: 0", "requests: -5")


def program(root: Path, *names: str, stack_file: str = STACK_FILE) -> None:
    write_program(root, PROGRAM.format(names=list(names)), stack_file=stack_file)


def git(root: Path, *arguments: str) -> None:
    named = ("-c", "user.name=a-test", "-c", "user.email=a@example.com")
    subprocess.run(["git", *named, *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose branch main has one dashboard, and whose files have two."""
    program(tmp_path, "first")
    git(tmp_path, "init", "--initial-branch=main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--message=one dashboard")
    program(tmp_path, "first", "second")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert code_of("cost", *arguments) == 0
    return capsys.readouterr().out


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one sentence that is said instead of a result."""
    assert code_of("cost", *arguments) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.count("\n") == 1
    return output.err.strip()


def test_json_has_all_figures_with_their_sources(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data: dict[str, Any] = json.loads(said(capsys, "dev", "--json"))

    assert (data["stack"], data["currency"], data["expected"], data["worst"], data["budget"]) == (
        "dev",
        "USD",
        6.0,
        6.0,
        None,
    )
    assert [(line["name"], line["formula"]) for line in data["lines"]] == [
        ("first", "1 dashboard × $3.00"),
        ("second", "1 dashboard × $3.00"),
    ]
    assert set(data["sources"]) == set(data["lines"][0]["source"])
    assert data["sources"]["IG"]["url"].startswith("https://")
    assert data["sources"]["IG"]["read"] == "2026-08-21"


def test_change_against_a_ref_is_printed_by_resource(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data: dict[str, Any] = json.loads(said(capsys, "dev", "--against", "main", "--json"))

    assert [(one["sign"], one["name"], one["by"]) for one in data["changes"]] == [("+", "second", 3.0)]
    assert (data["before"], data["after"], data["by"]) == (3.0, 6.0, 3.0)
    assert (data["worst-before"], data["worst-after"], data["worst-by"]) == (3.0, 6.0, 3.0)


def test_text_shows_the_month_after_the_change(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = said(capsys, "dev", "--against", "main")

    assert "changes by +$3.00, from $3.00 to $6.00" in shown
    assert next(line.split()[:2] for line in shown.splitlines() if "second" in line) == ["+", "second"]


def test_dossier_and_command_show_the_same_change_with_the_current_profile(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    usage = "config: {aws:region: eu-central-1, sample:usage: {requests: 0, duration-ms: 0, kms-requests: REQUESTS}}"
    keys = "import pulumi_aws as aws\n\nfor name in NAMES:\n    aws.kms.Key(name)\n"
    write_program(repository, keys.replace("NAMES", "['a']"), stack_file=usage.replace("REQUESTS", "10000"))
    git(repository, "commit", "--all", "--message=one key, few requests")
    before = evaluate("dev", root=repository)
    write_program(repository, keys.replace("NAMES", "['a', 'b']"), stack_file=usage.replace("REQUESTS", "1000000"))
    data: dict[str, Any] = json.loads(said(capsys, "dev", "--against", "main", "--json"))
    cost = cost_of(before, evaluate("dev", root=repository), repository, PACK.review_limits["dev"])
    assert cost is not None
    assert (cost.expected, cost.worst) == (data["after"], data["worst-after"])
    assert (cost.expected_delta, cost.worst_delta) == (data["by"], data["worst-by"])
    assert data["before"] == pytest.approx(1 + 1_000_000 * 0.03 / 10_000)  # not the 10,000 requests of main
    assert data["by"] == pytest.approx(data["before"])


def test_local_stack_costs_nothing(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "Pulumi.dev.yaml").rename(repository / "Pulumi.local.yaml")
    data: dict[str, Any] = json.loads(said(capsys, "local", "--json"))
    assert (data["expected"], data["worst"], data["lines"]) == (0, 0, [])
    assert data["free"] == {"aws:cloudwatch/dashboard:Dashboard": "the stack runs on this machine, not on AWS"}
    graph = evaluate("local", root=repository)
    assert cost_of(graph, graph, repository, PACK.review_limits["local"]) is None


def test_checkout_of_a_ref_is_removed(
    repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    assert gettempdir() == str(temporary)
    said(capsys, "dev", "--against", "main")
    program(repository, "first", stack_file="config: {aws:region: eu-central-1}")
    git(repository, "rm", "--quiet", "--cached", "Pulumi.dev.yaml")
    git(repository, "commit", "--message=no stack")
    program(repository, "first")

    assert "At main: There is no stack 'dev'" in refusal(capsys, "dev", "--against", "main")
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    "ref", ["no-such-branch", "main; touch here", "$(touch here)", "-x", "--output=here", "main^{tree}:"]
)
def test_bad_ref_fails_with_one_sentence_and_runs_no_command(
    ref: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert f"There is no git ref {ref!r} here" in refusal(capsys, "dev", f"--against={ref}")
    assert not (repository / "here").exists()


def test_variables_of_a_git_hook_do_not_select_another_repository(
    repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--initial-branch=main")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))

    assert "changes by +$3.00, from $3.00 to $6.00" in said(capsys, "dev", "--against", "main")


def test_project_in_a_folder_of_the_repository_is_compared_with_a_ref(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "names.py").write_text("")
    program(tmp_path / "accounts", "first")
    git(tmp_path, "init", "--initial-branch=main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--message=one dashboard")
    program(tmp_path / "accounts", "first", "second")
    monkeypatch.chdir(tmp_path / "accounts")

    assert "changes by +$3.00, from $3.00 to $6.00" in said(capsys, "dev", "--against", "main")


def test_folder_without_git_fails_with_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, "first")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    assert "There is no git ref 'main' here" in refusal(capsys, "dev", "--against", "main")


def test_two_files_are_compared(repository: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    new = tmp_path / "new.json"
    new.write_text(as_json(evaluate("dev", root=repository), repository))
    program(repository, "first")
    old = tmp_path / "old.json"
    old.write_text(as_json(evaluate("dev", root=repository), repository))

    assert "changes by -$3.00, from $6.00 to $3.00" in said(capsys, "dev", "--graphs", str(new), str(old))


def test_truncated_file_fails_with_one_sentence(
    repository: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    whole = tmp_path / "whole.json"
    whole.write_text(as_json(evaluate("dev", root=repository), repository))
    half = tmp_path / "half.json"
    half.write_text(whole.read_text()[: len(whole.read_text()) // 2])

    assert "half.json is not JSON, or only a part of it" in refusal(capsys, "dev", "--graphs", str(whole), str(half))


@pytest.mark.parametrize(
    ("stack", "stack_file", "sentence"),
    [
        ("nope", STACK_FILE, "There is no stack 'nope': the stacks are dev."),
        (
            "dev",
            BAD_USAGE,
            "Pulumi.dev.yaml, sample:usage: requests is -5: it should be greater than or equal to 0.",
        ),
    ],
)
def test_unpriceable_stack_fails_with_one_sentence(
    stack: str, stack_file: str, sentence: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program(repository, "first", stack_file=stack_file)

    assert sentence in refusal(capsys, stack)


def test_property_of_another_type_fails_with_one_sentence(
    repository: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "graph.json"
    text = as_json(evaluate("dev", root=repository), repository)
    document = json.loads(text.replace("aws:cloudwatch/dashboard:Dashboard", "aws:lambda/function:Function"))
    for resource in document["resources"]:
        if resource["type"] == "aws:lambda/function:Function":
            resource["inputs"]["memorySize"] = "plenty"
    file.write_text(json.dumps(document))

    assert (
        refusal(capsys, "dev", "--graphs", str(file), str(file))
        == "error: The stack cannot be priced: memorySize is not a number."
    )


def test_stack_with_callers_requires_a_profile(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_program(tmp_path, 'import pulumi_aws as aws\n\naws.cognito.UserPool("pool")\n')
    monkeypatch.chdir(tmp_path)

    assert "Pulumi.dev.yaml: config has no sample:usage" in refusal(capsys, "dev")


def test_stack_without_callers_is_priced_without_a_profile(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program(repository, "first", stack_file="config: {}")

    assert "its file has no usage" in said(capsys, "dev")


def test_unpriced_resource_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_program(
        tmp_path,
        'import pulumi_aws as aws\n\naws.rds.Instance("jobs", instance_class="db.t4g.micro")\n',
        stack_file=STACK_FILE,
    )
    monkeypatch.chdir(tmp_path)

    shown = said(capsys, "dev")

    assert "and 1 thing not priced, on top of both sums:" in shown
    assert "not priced: jobs (aws:rds/instance:Instance): its type has no price" in shown
