"""Deploys the stack `local` of the Pulumi program into the embedded AWS: first all resources, then each change."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx

from toolkit.localcloud.aws import EmbeddedAws, EmbeddedAwsError
from toolkit.localcloud.embedded_client import call_embedded_route
from toolkit.localcloud.progress import Progress
from toolkit.localcloud.provider import AwsProvider
from toolkit.localcloud.reconciler import Reconciler
from toolkit.localcloud.stack_file import STACK, LocalStackFile
from toolkit.stacks import evaluate, reveal
from toolkit.stacks.declared_secrets import new_secret

RECORD = "deployment"
"""The embedded AWS's route for the record of what is deployed, which it saves with the account."""


class LocalDeployment:
    """A deployment by the reconciler, without the Pulumi engine."""

    def __init__(
        self, aws: EmbeddedAws, account_id: str, root: Path, read: Callable[[], LocalStackFile], progress: Progress
    ) -> None:
        self._aws = aws
        self._root = root
        self._read = read
        self._progress = progress
        self._secrets: dict[str, str] = {}
        self._reconciler = Reconciler(AwsProvider(aws.connection, account_id, root), progress.step)

    @property
    def changes(self) -> str:
        """The changes of the last `apply`, in short."""
        return self._progress.changes()

    def apply(self) -> dict[str, str]:
        """Evaluate the program, apply its changes, and return the outputs in plain text.

        Raises EvaluationError, StackFileError.
        """
        stack_file = self._read()
        for key in stack_file.secrets:
            self._secrets.setdefault(key, new_secret())
        self._progress.reset_steps()
        self._reconciler.begin()
        config = {**stack_file.config, **{key: self._secrets[key] for key in stack_file.secrets}}
        graph = evaluate(STACK, root=self._root, provider=self._reconciler, dry_run=False, config=config)
        self._reconciler.finish()
        return {name: str(value) for name, value in reveal(graph.outputs).items()}

    def interrupt(self) -> None:
        """Do nothing: an `apply` takes only seconds."""


class KeptDeployment(LocalDeployment):
    """A deployment that continues from the account and the record of the last run.

    The record is in the account's file, which is not written while the account changes. A run that is killed during
    an `apply` therefore continues from before it.
    """

    def restore(self) -> None:
        """Continue from the record of the account, where it has one. Raises EmbeddedAwsError."""
        content = self._call_record()
        if content:
            record = json.loads(content)
            self._secrets = record["secrets"]
            self._reconciler.restore(record["resources"])

    def apply(self) -> dict[str, str]:
        """Apply the changes, then save the account with the record, also where a change failed."""
        self._aws.hold()
        try:
            return super().apply()
        finally:
            record = json.dumps({"secrets": self._secrets, "resources": self._reconciler.record()})
            self._call_record(put=record.encode())
            self._aws.keep()

    def _call_record(self, put: bytes | None = None) -> bytes:
        try:
            return call_embedded_route(self._aws.connection, RECORD, put=put).raise_for_status().content
        except httpx.HTTPError as error:
            raise EmbeddedAwsError(f"The embedded AWS does not answer ({error}): see its log, aws.log.") from error
