"""A pull request's own stack is dev in small; what is not named after a pull request is never made, nor taken down."""

import json
import re
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from tests.support.command_line import run_command
from tests.support.local_stack import ROOT
from tests.support.stacks import only
from toolkit.engine.runs import EngineRun, StackRun
from toolkit.pipeline.review_stack import command as review_stack
from toolkit.pipeline.review_stack import stacks
from toolkit.pipeline.review_stack.stack_file import (
    ACCOUNT,
    is_review,
    review_name,
    secrets_provider,
    write_stack_file,
)
from toolkit.pipeline.review_stack.stacks import ReviewStack, create_or_update, destroy_stack
from toolkit.stacks import evaluate
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.yaml_documents import read_yaml

DAY = date(2027, 1, 31)
KEY = "awskms://alias/items-api-bootstrap-secrets?region=eu-central-1&context_stack="


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "infrastructure", tmp_path / "infrastructure", ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("Pulumi.yaml", "Pulumi.dev.yaml"):
        shutil.copy(ROOT / file, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_stack_file_is_accepted_by_the_program(root: Path) -> None:
    write_stack_file(root, "review-7", DAY)
    graph = evaluate("review-7", root=root)
    (provider,) = graph.of_type("pulumi:providers:aws")
    assert '"expires-on": "2027-01-31"' in provider.inputs["defaultTags"]
    assert '"444444444444"' in provider.inputs["allowedAccountIds"]
    function, of_dev = (only(each, "api-function") for each in (graph, evaluate("dev", root=root)))
    assert function["reservedConcurrentExecutions"] == of_dev["reservedConcurrentExecutions"]
    assert function["architectures"] == ["arm64"]


def test_settings_of_dev_alone_are_not_copied(root: Path) -> None:
    file = root / "Pulumi.dev.yaml"
    document = yaml.safe_load(file.read_text())
    document["encryptedkey"] = "dev's"
    document["config"]["items-api:cursor-key"] = {"secure": "dev's"}
    document["config"]["items-api:settings"]["domain"] = {"name": "dev.example.com", "zone-id": "Z12345"}
    file.write_text(yaml.safe_dump(document))
    text = write_stack_file(root, "review-7", DAY).read_text()
    assert "dev's" not in text
    assert "dev.example.com:" not in text
    assert "domain" not in yaml.safe_load(text)["config"]["items-api:settings"]


def test_account_id_with_a_leading_zero_stays_text(root: Path) -> None:
    file = root / ACCOUNT
    file.write_text(re.sub(r'account-id: "[0-9]+"', 'account-id: "012345678901"', file.read_text()))
    written = write_stack_file(root, "review-7", DAY)
    assert 'account-id: "012345678901"' in written.read_text()
    assert read_yaml(written, as_engine=True)["config"]["items-api:settings"]["account-id"] == "012345678901"


def test_malformed_pattern_is_refused_and_the_file_is_unchanged(root: Path) -> None:
    before = write_stack_file(root, "review-7", DAY).read_text()
    (root / "Pulumi.dev.yaml").write_text("config: &a {b: *a}")
    with pytest.raises(RefusedError, match="contains itself"):
        write_stack_file(root, "review-7", DAY)
    assert (root / "Pulumi.review-7.yaml").read_text() == before


def test_account_of_dev_is_refused(root: Path) -> None:
    file = root / ACCOUNT
    file.write_text(file.read_text().replace("444444444444", "111111111111"))
    with pytest.raises(RefusedError, match="account-id is 111111111111, the account of dev"):
        write_stack_file(root, "review-7", DAY)
    assert not (root / "Pulumi.review-7.yaml").exists()


@pytest.mark.parametrize("was", ['account-id: "444444444444"', "reviews: true", "aws:region: eu-central-1"])
def test_account_file_without_a_setting_is_refused(root: Path, was: str) -> None:
    file = root / ACCOUNT
    file.write_text(file.read_text().replace(was, "shown: x" if "aws:" not in was else "aws:profile: x"))
    with pytest.raises(RefusedError, match=r"Pulumi\.review\.yaml needs account-id, aws:region"):
        write_stack_file(root, "review-7", DAY)


def test_key_of_devs_account_is_refused(root: Path) -> None:
    file = root / "Pulumi.dev.yaml"
    file.write_text(f"secretsprovider: awskms:///arn:aws:kms:x:111111111111:key/0\n{file.read_text()}")
    with pytest.raises(RefusedError, match="a key of dev's account; name its alias"):
        secrets_provider(root, "review-7")


URN = "urn:pulumi:review-7::items-api"
AWS = {"type": "pulumi:providers:aws", "urn": f"{URN}::pulumi:providers:aws::aws", "inputs": {"version": "7.8.0"}}
COMMAND, BUCKET = "command:local:Command", "aws:s3/bucket:Bucket"


@pytest.mark.parametrize(
    "provider",
    [
        {**AWS, "inputs": {"pluginDownloadURL": "https://example.org"}},
        {**AWS, "inputs": {"__internal": {"pluginDownloadURL": "https://example.org"}}},
        {"type": "pulumi:providers:other", "urn": f"{URN}::pulumi:providers:other::p"},
        {"type": "pulumi:providers:pulumi-python", "urn": f"{URN}::pulumi:providers:pulumi-python::p"},
        pytest.param({"type": COMMAND, "urn": f"{URN}::{COMMAND}::c", "custom": True}, id="one without a provider"),
        pytest.param({"type": BUCKET, "urn": f"{URN}::{COMMAND}::c", "custom": True}, id="another type in the URN"),
        pytest.param({"type": BUCKET, "urn": f"{URN}::a:b:C$pulumi:providers:other::p"}, id="a provider by its URN"),
        pytest.param({**AWS, "urn": f"{URN}::pulumi:providers:other::p"}, id="another provider by its URN"),
    ],
)
def test_state_that_names_another_plugin_is_not_destroyed(
    root: Path, monkeypatch: pytest.MonkeyPatch, provider: dict[str, object]
) -> None:
    monkeypatch.setattr(stacks, "stacks_in_backend", lambda _root: ["review-7"])
    monkeypatch.setattr(StackRun, "ask", lambda _run, *_: json.dumps({"deployment": {"resources": [AWS, provider]}}))
    monkeypatch.setattr(StackRun, "destroy", lambda *_: pytest.fail("it was destroyed"))
    with pytest.raises(RefusedError, match="from another source than this program's"):
        destroy_stack("review-7", root, print)


def test_state_of_the_program_is_destroyed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = {"type": "items-api:index:Part", "urn": f"{URN}::items-api:index:Part::part"}
    bucket = {"type": BUCKET, "urn": f"{URN}::items-api:index:Part${BUCKET}::b", "custom": True}
    stack = {"type": "pulumi:pulumi:Stack", "urn": f"{URN}::pulumi:pulumi:Stack::items-api-review-7"}
    monkeypatch.setattr(stacks, "stacks_in_backend", lambda _root: ["review-7"])
    monkeypatch.setattr(
        StackRun, "ask", lambda _run, *_: json.dumps({"deployment": {"resources": [stack, AWS, part, bucket]}})
    )
    monkeypatch.setattr(StackRun, "destroy", lambda *_: EngineRun("destroy", 0, "", ()))
    assert destroy_stack("review-7", root, print)


@pytest.mark.parametrize(
    "deployment",
    [
        None,
        [],
        {"resources": 5},
        {"resources": [None]},
        {"resources": [{**AWS, "inputs": {"defaultTags": "[" * 100_000}}]},
    ],
)
def test_sweep_continues_after_a_hostile_state(root: Path, monkeypatch: pytest.MonkeyPatch, deployment: object) -> None:
    tags = {"defaultTags": {"tags": {"expires-on": "2027-01-31"}}}
    states = {"review-7": deployment, "review-8": {"resources": [{**AWS, "inputs": tags}]}}
    monkeypatch.setattr(stacks, "stacks_in_backend", lambda _root: sorted(states))
    monkeypatch.setattr(StackRun, "ask", lambda run, *_: json.dumps({"deployment": states[run.stack]}))
    assert stacks.review_stacks(root) == (ReviewStack("review-7", None), ReviewStack("review-8", DAY))


def test_rewritten_stack_file_keeps_its_secrets(root: Path) -> None:
    file = write_stack_file(root, "review-7", DAY)
    document = yaml.safe_load(file.read_text())
    document["encryptionsalt"] = "v1:salt"
    document["config"]["items-api:cursor-key"] = {"secure": "own"}
    file.write_text(yaml.safe_dump(document))
    again = yaml.safe_load(write_stack_file(root, "review-7", date(2027, 2, 1)).read_text())
    assert again["encryptionsalt"] == "v1:salt"
    assert again["config"]["items-api:cursor-key"] == {"secure": "own"}
    assert again["config"]["items-api:settings"]["expires-on"] == "2027-02-01"


@pytest.mark.parametrize(
    ("devs", "its"), [(f"{KEY}dev", f"{KEY}review-7"), (f"{KEY}dev-2", f"{KEY}dev-2"), (None, None)]
)
def test_secrets_are_encrypted_for_the_stack_alone(root: Path, devs: str | None, its: str | None) -> None:
    if devs:
        file = root / "Pulumi.dev.yaml"
        file.write_text(f"secretsprovider: {devs}\n{file.read_text()}")
    assert secrets_provider(root, "review-7") == its


@pytest.mark.parametrize(
    "name", ["dev", "prod", "review", "review-", "review-0", "review-07", "review-1; ls", "xreview-1"]
)
def test_other_stack_is_neither_created_nor_destroyed(root: Path, name: str) -> None:
    assert not is_review(name)
    for act in (lambda: create_or_update(name, root, DAY, print), lambda: destroy_stack(name, root, print)):
        with pytest.raises(RefusedError, match="is not the stack of a pull request; their names are review-NUMBER"):
            act()
    assert sorted(file.name for file in root.glob("Pulumi*")) == ["Pulumi.dev.yaml", "Pulumi.yaml"]


@pytest.mark.parametrize("number", [0, -1, 1_000_000_000])
def test_invalid_pull_request_number_is_refused(number: int) -> None:
    with pytest.raises(RefusedError, match="is not the number of a pull request; use 1 to 999999999"):
        review_name(number)


@pytest.mark.parametrize("number", ["7; touch pwned", "$(touch pwned)", "seven", "", "0"])
@pytest.mark.parametrize("command", ["up", "down"])
def test_hostile_pull_request_number_is_a_usage_error(root: Path, command: str, number: str) -> None:
    ended = run_command("review-stack", command, "--pull-request", number)
    assert ended.exit_code == 2
    assert sorted(path.name for path in root.iterdir()) == ["Pulumi.dev.yaml", "Pulumi.yaml", "infrastructure"]


def test_stack_expires_on_its_day_and_never_without_one() -> None:
    found = ReviewStack("review-7", DAY)
    assert [found.is_expired(day) for day in (date(2027, 1, 30), DAY, date(2027, 2, 1))] == [False, True, True]
    assert not ReviewStack("review-8", None).is_expired(DAY)


def test_sweep_tries_every_expired_stack_and_reports_those_that_remain(monkeypatch: pytest.MonkeyPatch) -> None:
    today = datetime.now(UTC).date()
    over, later = today - timedelta(days=1), today + timedelta(days=2)
    tried = []

    def destroy_stack(stack: str, *_: object) -> bool:
        tried.append(stack)
        if stack == "review-1":
            raise RefusedError("it is locked")
        return True

    found = [ReviewStack("review-1", over), ReviewStack("review-2", over), ReviewStack("review-3", later)]
    monkeypatch.setattr(review_stack, "review_stacks", lambda _root: [*found, ReviewStack("review-4", None)])
    monkeypatch.setattr(review_stack, "destroy_stack", destroy_stack)
    ended = run_command("review-stack", "sweep", "--json")
    assert (ended.exit_code, tried) == (1, ["review-1", "review-2"])
    assert '"destroyed": ["review-2"], "failed": ["review-1", "review-4"]' in ended.stdout
    assert "review-1 stays: it is locked" in ended.stderr
    assert "review-4 stays: it has no date; destroy it with review-stack down" in ended.stderr
    assert "review-3: until" in ended.stderr


def test_dry_run_of_sweep_destroys_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review_stack, "review_stacks", lambda _root: [ReviewStack("review-1", date(2026, 1, 1))])
    monkeypatch.setattr(review_stack, "destroy_stack", lambda *_: pytest.fail("it was taken down"))
    ended = run_command("review-stack", "sweep", "--dry-run")
    assert (ended.exit_code, ended.stdout) == (0, "would be destroyed: review-1\n")
