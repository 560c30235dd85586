"""Drives the Pulumi CLI over a copy of the program, into an embedded AWS of its own."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

import yaml

from infrastructure.bootstrap.account import Account
from infrastructure.bootstrap.components.boundaries import workload_boundary
from tests.engine import tally
from tests.engine.real_provider import provider_folders
from tests.support.whole_program import copy_program
from toolkit.engine.cli import PulumiCli
from toolkit.engine.runs import EngineRun
from toolkit.localcloud.aws import EmbeddedAws
from toolkit.stacks import load_stack_config

CURSOR_KEY = "a-cursor-key-that-nobody-may-see-anywhere"
ORIGIN_KEY = "an-origin-key-that-must-not-appear-anywhere"
PASSPHRASE = "engine tests"
STACKLESS = {("stack", "init"), ("policy", "analyze")}
PLUGIN_FOLDER = Path(__file__).parents[2] / "toolkit" / "localcloud" / "plugins" / "bin"


class Outcome(EngineRun):
    """How one command of the CLI ended, and what the engine said that it did."""

    @property
    def named_operations(self) -> Mapping[str, str]:
        """The operation by logical name."""
        return {urn.rpartition("::")[2]: operation for urn, operation in self.operations.items()}


class Engine:
    """One stack: its folder, its state, its account; everything ends with it.

    A stack beside another one has that one's state and account.
    """

    aws: EmbeddedAws

    def __init__(self, cli: Path, stack: str, folder: Path, beside: "Engine | None" = None) -> None:
        self._cli = cli
        self._beside = beside
        self.stack = stack
        self.plugin_folders = [*provider_folders(), PLUGIN_FOLDER]
        self.folder = folder
        self.root = folder / "checkout"
        self.states = (beside.folder if beside else folder) / "state"
        self._ends = ExitStack()

    def __enter__(self) -> Self:
        self.root.mkdir()
        self.states.mkdir(exist_ok=True)
        copy_program(self.root, self.stack)
        self.aws = self._beside.aws if self._beside else self._ends.enter_context(self._account())
        self.done("stack", "init", self.stack)
        self.done("config", "set", "--secret", "cursor-key", CURSOR_KEY)
        return self

    def __exit__(self, *_error: object) -> None:
        self._ends.close()

    @contextmanager
    def _account(self) -> Iterator[EmbeddedAws]:
        config = load_stack_config(self.stack, self.root)
        account = Account(
            id=config["items-api:settings"]["account-id"], region=config["aws:region"], project="items-api"
        )
        with EmbeddedAws(account_id=account.id, region=account.region) as aws:
            # What an account has before its first stack: the permissions boundary of the stack's roles.
            aws.connection.client("iam").create_policy(
                PolicyName=f"{account.prefix}-workload", PolicyDocument=json.dumps(workload_boundary(account))
            )
            yield aws

    def run(self, *command: str, **environment: str | None) -> Outcome:
        """Run a command of the CLI without a terminal; None takes a variable out of its environment.

        Add --yes and --skip-preview to an update that has no --yes.
        """
        log = self.folder / "events.json"
        log.unlink(missing_ok=True)
        watched = command[0] in {"preview", "up", "refresh", "destroy"}
        arguments = [
            *command,
            "--non-interactive",
            *(["--stack", self.stack] if command[:2] not in STACKLESS else []),
        ]
        arguments += ["--event-log", str(log)] if watched else []
        if watched and command[0] != "preview" and "--yes" not in command:
            # Without its preview a destroy deletes what it may before it says what it may not.
            arguments += ["--yes"] if command[0] == "destroy" else ["--yes", "--skip-preview"]
        wanted: dict[str, str | None] = {**self._environment(), **environment}
        given = {name: value for name, value in wanted.items() if value is not None}
        pipe = subprocess.PIPE
        with PulumiCli(str(self._cli), self.root, given).start(*arguments, stdout=pipe, stderr=pipe) as process:
            output = b"".join(process.communicate()).decode()
        lines = log.read_text().splitlines() if log.exists() else []
        outcome = Outcome(command[0], process.returncode, output, tuple(json.loads(line) for line in lines))
        tally.count(self.stack, outcome.counts if command[0] != "preview" else Counter())
        return outcome

    def start(self, *command: str) -> subprocess.Popen[str]:
        """Start a command of the CLI; its output comes as it is written."""
        return subprocess.Popen(
            [str(self._cli), *command, "--non-interactive", "--stack", self.stack],
            cwd=self.root,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def done(self, *command: str) -> Outcome:
        """Run a command that must succeed."""
        outcome = self.run(*command)
        assert outcome.code == 0, outcome.output
        assert "Traceback" not in outcome.output
        return outcome

    def set(self, before: str, after: str) -> None:
        """Change the stack's file: this text, which stands there once, for that."""
        _replace_once(self.root / f"Pulumi.{self.stack}.yaml", before, after)

    def set_domain(self, **groups: Any) -> None:
        """Give the stack a name, in a zone of its account, and these settings; a key for an edge is there."""
        route53 = self.aws.connection.client("route53")
        zone = route53.create_hosted_zone(Name="example.com", CallerReference="once")["HostedZone"]["Id"]
        self.configure(domain={"name": "api.example.com", "zone-id": zone.rpartition("/")[2]}, **groups)
        self.done("config", "set", "--secret", "origin-key", ORIGIN_KEY)

    def configure(self, **groups: Any) -> None:
        """Change the stack's file: these groups of settings."""
        file = self.root / f"Pulumi.{self.stack}.yaml"
        document = yaml.safe_load(file.read_text())
        document["config"]["items-api:settings"] |= groups
        file.write_text(yaml.safe_dump(document, sort_keys=False))

    def rewrite(self, file: str, before: str, after: str) -> None:
        """Change the program: this text, which stands there once, for that."""
        _replace_once(self.root / file, before, after)

    @property
    def state(self) -> list[dict[str, Any]]:
        """The resources as the state has them, secrets in plain text."""
        return self._listed("resources")

    @property
    def pending(self) -> list[dict[str, Any]]:
        """What was begun and, as far as the state knows, never came to an end."""
        return self._listed("pending_operations")

    @property
    def state_text(self) -> str:
        """Everything that the state's folder holds."""
        files = (path for path in self.states.rglob("*") if path.is_file())
        return "\n".join(path.read_text() for path in files)

    def _listed(self, part: str) -> list[dict[str, Any]]:
        exported = json.loads(self.done("stack", "export", "--show-secrets").output.partition("\nwarning:")[0])
        entries: list[dict[str, Any]] = exported["deployment"].get(part, [])
        return entries

    def _environment(self) -> dict[str, str]:
        key = self.aws.connection
        path = [*map(str, self.plugin_folders), str(Path(sys.executable).parent), *os.environ["PATH"].split(os.pathsep)]
        return {
            "PATH": os.pathsep.join(path),
            "HOME": str(self.folder),
            "NO_COLOR": "1",
            "PULUMI_HOME": str(self.folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{self.states}",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_DEBUG_COMMANDS": "true",  # for --event-log
            "AWS_ENDPOINT_URL": self.aws.endpoint_url,
            "AWS_EC2_METADATA_DISABLED": "true",  # where the real provider would look for a key
            "AWS_ACCESS_KEY_ID": key.access_key_id,
            "AWS_SECRET_ACCESS_KEY": key.secret_access_key,
        }


def _replace_once(path: Path, before: str, after: str) -> None:
    text = path.read_text()
    assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times in {path.name}"
    path.write_text(text.replace(before, after))
