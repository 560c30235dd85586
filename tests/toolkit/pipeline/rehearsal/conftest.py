"""A checkout in which a rehearsal runs, with an account of moto's and nothing that leaves this machine."""

import json
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from toolkit.pipeline.doctor.model import CheckResult, ok
from toolkit.pipeline.rehearsal.costs import Price
from toolkit.pipeline.rehearsal.model import Command, Context, Difference, Facts, RequiredRole, Step
from toolkit.pipeline.rehearsal.progress import Progress
from toolkit.pipeline.rehearsal.runner import Rehearsal

ACCOUNT = "123456789012"  # moto's
PRICE = Price(7.3, ())
WORKS = (ok("It", "works"),)


@dataclass
class Person:
    """The person who runs the rehearsal: their answers, and the questions and lines that they saw."""

    declines: str = ""
    asked: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    def ask(self, question: str) -> bool:
        self.asked.append(question)
        return not (self.declines and self.declines in question)


@dataclass(frozen=True)
class Desk:
    """A checkout with one stack file, and the file that every command of a test's steps writes its line to."""

    root: Path
    log: Path

    @property
    def done(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []

    @property
    def progress(self) -> Progress:
        return Progress.read(self.root / "build" / "rehearsal" / "progress.json", "dev")

    def command(self, word: str) -> Command:
        code = f"open({str(self.log)!r}, 'a').write({word!r} + '\\n')"
        return Command(shlex.join([sys.executable, "-c", code]))

    def step(
        self,
        name: str,
        found: Sequence[CheckResult] | Callable[[Context], Sequence[CheckResult]] = WORKS,
        differences: Sequence[Difference] = (),
        **more: Any,
    ) -> Step:
        """A step that writes its name, and whose undo writes it with a minus."""
        settings: dict[str, Any] = {
            "undo": (self.command(f"-{name}"),),
            "record": lambda _context: differences,
            **more,
        }
        check = found if callable(found) else lambda _context: found
        return Step(name, name.title(), "", RequiredRole.ANYONE, (self.command(name),), "works", check, **settings)

    def rehearsal(self, person: Person | None = None, account: str = ACCOUNT) -> Rehearsal:
        facts = Facts({"stack": "dev", "account": account, "state": "s3://state", "local_backend": "file://~"}, str)
        context = Context("dev", self.root, facts)
        say, ask = (person.shown.append, person.ask) if person else (lambda _line: None, None)
        return Rehearsal(context, self.progress, {"account": PRICE, "stack": PRICE}, say, ask)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    (tmp_path / "Pulumi.yaml").write_text("name: items-api")
    settings = {"environment": "dev", "account-id": ACCOUNT}
    config = {"aws:region": "eu-central-1", "items-api:settings": settings}
    (tmp_path / "Pulumi.dev.yaml").write_text(json.dumps({"config": config}))
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path, tmp_path / "log")


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Credentials of ACCOUNT."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "a-key-of-the-owner")
    with mock_aws():
        yield
