"""The first hour that a rehearsal guides through, by the real engine in an embedded AWS: nothing differs there."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.engine.engine import PLUGIN_FOLDER
from tests.engine.real_provider import provider_folders
from tests.support.http_apis import serving
from tests.support.whole_program import ROOT, copy_program
from toolkit.engine.runs import StackRun
from toolkit.localcloud.aws import EmbeddedAws
from toolkit.localcloud.sign_in import create_sign_in
from toolkit.pipeline.rehearsal.context import backend, real_context
from toolkit.pipeline.rehearsal.costs import prices_of
from toolkit.pipeline.rehearsal.model import Command
from toolkit.pipeline.rehearsal.progress import Progress
from toolkit.pipeline.rehearsal.report import make_report
from toolkit.pipeline.rehearsal.runner import Rehearsal
from toolkit.pipeline.rehearsal.steps import NAMES, STEPS
from toolkit.pipeline.settings_and_outputs import BOOTSTRAP

ACCOUNT, REGION = "444455556666", "eu-central-1"
GITHUB = NAMES.index("environment")
COMMANDS = {command for step in STEPS for command in (*step.commands, *step.undo)}
PULUMI = sorted((command for command in COMMANDS if command.argv[0] == "pulumi"), key=str)


@dataclass(frozen=True)
class Owner:
    """A fresh clone with the owner's account in it, and that account."""

    root: Path
    aws: EmbeddedAws

    def rehearsal(self, outputs: Path | None = None) -> Rehearsal:
        """As a new process has it."""
        context = real_context("dev", self.root, outputs)
        progress = Progress.read(context.folder / "progress.json", "dev")
        return Rehearsal(context, progress, prices_of("dev", self.root), lambda _line: None)


@pytest.fixture
def owner(cli: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Owner]:
    root = tmp_path / "checkout"
    root.mkdir()
    (tmp_path / "state").mkdir()
    copy_program(root, "dev")
    ignored = shutil.ignore_patterns("__pycache__")
    for folder in ("policies", "toolkit", BOOTSTRAP):
        shutil.copytree(ROOT / folder, root / folder, ignore=ignored)
    for file in ROOT.glob(".pulumi.version"):  # where the checkout says which CLI it wants
        shutil.copy(file, root)
    for file in (root / "Pulumi.dev.yaml", root / BOOTSTRAP / "Pulumi.dev.yaml"):
        file.write_text(file.read_text().replace("111111111111", ACCOUNT).replace("owner: example", "owner: acme"))
    build = root / "build" / "dev"
    content = (ROOT / "build" / "local" / "function.zip").read_bytes()
    record = json.loads((build / "package.json").read_text())
    (build / "function.zip").write_bytes(content)
    (build / "package.json").write_text(json.dumps({**record, "sha256": hashlib.sha256(content).hexdigest()}))
    with EmbeddedAws(account_id=ACCOUNT, region=REGION) as aws:
        key = aws.connection
        folders = [*map(str, (*provider_folders(), PLUGIN_FOLDER, Path(sys.executable).parent, cli.parent))]
        for name, value in {
            "HOME": str(tmp_path),
            "PULUMI_HOME": str(tmp_path / "home"),
            "PULUMI_BACKEND_URL": f"file://{tmp_path / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "a passphrase of the owner's",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "AWS_ENDPOINT_URL": aws.endpoint_url,
            "AWS_ACCESS_KEY_ID": key.access_key_id,
            "AWS_SECRET_ACCESS_KEY": key.secret_access_key,
            "AWS_REGION": REGION,
        }.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("PATH", ":".join(folders), prepend=":")
        monkeypatch.chdir(root)
        yield Owner(root, aws)


def test_the_first_hour_in_the_embedded_aws_shows_no_difference_and_a_planted_one_alone(
    owner: Owner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = owner.rehearsal()
    first.run(STEPS[: NAMES.index("smoke")])
    with backend(first.context, local=False):
        outputs = StackRun("dev", owner.root).outputs(reveal=True)
    sign_in = create_sign_in(owner.aws.connection, outputs["user_pool_id"])
    with serving(owner.aws.connection, outputs["api_id"], tmp_path, sign_in, ACCOUNT) as front:
        addresses = {"api_url": front.url, "sign_in_url": f"{front.url}/_local/sign-in"}
        (file := tmp_path / "outputs.json").write_text(json.dumps({**outputs, **addresses}))
        later = owner.rehearsal(file)
        later.run(STEPS[NAMES.index("smoke") : NAMES.index("drift")])
        assert make_report(later.context, later.progress)["differences"] == []

        logs = owner.aws.connection.client("logs")
        logs.put_retention_policy(logGroupName="/items-api/dev/function", retentionInDays=3)
        later.run(STEPS[NAMES.index("drift") : GITHUB])
    report = make_report(later.context, later.progress)
    (difference,) = report["differences"]
    assert difference == {
        "step": "drift",
        "kind": "drift right after the update",
        "where": "aws:cloudwatch/logGroup:LogGroup::api-logs",
        "embedded": "no change",
        "real": "update retentionInDays: 14 → 3",
    }
    results = {step["name"]: step["result"] for step in report["steps"][:GITHUB]}
    assert results == {**dict.fromkeys(NAMES[:GITHUB], "done"), "settings": "found", "package": "found"}
    assert {path.name for path in later.context.folder.iterdir()} == {"progress.json", "report.json", "report.md"}
    written = "".join(path.read_text() for path in later.context.folder.iterdir())
    secret = (ACCOUNT, "a passphrase", outputs["machine_client_secret"], owner.aws.connection.secret_access_key)
    assert [text for text in secret if text in written] == []


@pytest.mark.parametrize("command", PULUMI, ids=lambda command: " ".join(command.argv[1:4]))
def test_the_cli_has_each_command_and_its_options(command: Command, cli: Path, tmp_path: Path) -> None:
    words = [word for word in command.argv[1:3] if word.isalpha()]
    asked = [str(cli), *words, "--help"]
    environment = {"HOME": str(tmp_path), "PULUMI_SKIP_UPDATE_CHECK": "true"}
    answer = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True).stdout
    options = {word for word in command.argv if word.startswith("--")}
    assert options <= set(re.findall(r"--[a-z-]+", answer))
