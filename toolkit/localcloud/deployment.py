"""Deploys the stack `local` of the Pulumi program into the embedded AWS, the first time and again."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from toolkit.localcloud.aws.snapshot import Places
from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.progress import Progress
from toolkit.localcloud.provider import AwsProvider
from toolkit.localcloud.reconciler import Reconciler
from toolkit.stacks import StackFileError, evaluate, reveal
from toolkit.stacks.settings import load_stack_file

STACK = "local"
SETTINGS = "items-api:settings"
CURSOR_KEY = "items-api:cursor-key"
STACK_FILE_URL = "http://127.0.0.1:8000"
"""The address that Pulumi.local.yaml speaks of; the one the API is served at takes its place."""


@dataclass(frozen=True)
class LocalStackFile:
    """What Pulumi.local.yaml says, with the address that the API is served at."""

    region: str
    account_id: str
    settings: str

    @staticmethod
    def read(root: Path, url: str) -> "LocalStackFile":
        """Raises EvaluationError, StackFileError."""
        try:
            file = load_stack_file(STACK, root)
            region, account_id = file.region, file.account_id
        except StackFileError:
            evaluate(STACK, root=root)  # the error of the program names each mistake in its settings
            raise
        return LocalStackFile(region, account_id, json.dumps(file.config[SETTINGS]).replace(STACK_FILE_URL, url))


class Deploys(Protocol):
    """What brings the stack to what the program says, the first time and again."""

    @property
    def changes(self) -> str:
        """What was done last, in a word."""
        ...

    def apply(self) -> dict[str, str]:
        """Do what changed since the last time, and return the outputs in the clear; they open nothing elsewhere."""
        ...

    def interrupt(self) -> None:
        """End early what is under way in another thread."""
        ...


class Deployment:
    """What is deployed, and how it is brought up to date."""

    def __init__(self, connection: AwsConnection, account_id: str, root: Path, url: str, progress: Progress) -> None:
        self._root = root
        self._url = url
        self._progress = progress
        self._cursor_key = secrets.token_urlsafe(32)
        self._reconciler = Reconciler(AwsProvider(connection, account_id, root), progress.step)
        self.places = Places({}, {}, {})
        """Where the data of what is deployed is."""

    @property
    def changes(self) -> str:
        """What was done last, in a word."""
        return self._progress.changes()

    def apply(self) -> dict[str, str]:
        """Evaluate the program, do what changed since the last time, and return the outputs in the clear.

        Raises EvaluationError, StackFileError.
        """
        config = {SETTINGS: LocalStackFile.read(self._root, self._url).settings, CURSOR_KEY: self._cursor_key}
        self._progress.forget_steps()
        self._reconciler.begin()
        graph = evaluate(STACK, root=self._root, provider=self._reconciler, dry_run=False, config=config)
        self._reconciler.finish()
        self.places = Places.of(graph)
        return {name: str(value) for name, value in reveal(graph.outputs).items()}

    def interrupt(self) -> None:
        """Nothing to do: what is under way takes a moment."""
