"""Deploys the stack `local` by the Pulumi engine, and keeps its state and the AWS account together between runs."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from toolkit.engine import EngineError
from toolkit.localcloud.aws import EmbeddedAws
from toolkit.localcloud.private_files import last_good, try_lock
from toolkit.localcloud.pulumi_engine import PulumiEngine
from toolkit.localcloud.running import LocalCloudError
from toolkit.localcloud.stack_file import LocalStackFile

INTERRUPTED = "The last update was interrupted: continuing from the state before it."
KILLED = "The Pulumi engine was killed: start again, and the stack continues from the state before that update."
RECOVERED = (
    "The file of the AWS account is missing, damaged or was reset: continuing from its last good copy, with a refresh. "
    "A damaged file is kept as account.damaged-<time>."
)
WITHOUT_AWS = (
    "The state's AWS account is missing, damaged or of another version: refreshing, and creating what is missing."
)


class EngineDeployment:
    """A deployment by the Pulumi engine, which continues from the one of the last run.

    State and account must belong together. Copies of both are made before an update and removed after it. A run that
    finds copies continues from them.
    """

    changes = "deployed"
    """The changes of the last `apply`; the engine reports them in detail."""

    def __init__(self, cli: Path, root: Path, folder: Path, read: Callable[[], LocalStackFile], lock: int) -> None:
        self._read = read
        self._engine = PulumiEngine(cli, root, folder, lock)
        self._before = folder / "before"
        self._refresh = False
        self.account = folder / "account"
        """The file of the embedded AWS's account."""

    @classmethod
    @contextmanager
    def open(
        cls,
        cli: Path,
        root: Path,
        folder: Path,
        read: Callable[[], LocalStackFile],
        report: Callable[[str], None],
    ) -> Iterator["EngineDeployment"]:
        """Yield the deployment of a folder, once no engine of an earlier run uses it."""
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("w") as lock:
            if not try_lock(lock):
                report("Waiting for the end of an interrupted update ...")
                fcntl.flock(lock, fcntl.LOCK_EX)
            deployment = cls(cli, root, folder, read, lock.fileno())
            deployment._repair(report)
            yield deployment

    def use_account(self, aws: EmbeddedAws, report: Callable[[str], None]) -> None:
        """Use this account, and report whether the embedded AWS could read its file."""
        self._aws = aws
        if aws.account_state != "kept" and self._engine.has_stack:
            report(RECOVERED if aws.account_state == "recovered" else WITHOUT_AWS)
            self._refresh = True

    def apply(self) -> dict[str, str]:
        """Have the engine apply the changes since the last time, and return the outputs. Raises RefusedError."""
        self._engine.configure(self._read())
        self._copy()
        try:
            code = self._engine.up(self._aws.connection, refresh=self._refresh)
        except (KeyboardInterrupt, EngineError):
            self._finish_update(done=False)
            raise
        if code < 0:
            raise LocalCloudError(KILLED)
        self._finish_update(done=code == 0)
        if code != 0:
            raise LocalCloudError("The Pulumi engine did not bring the stack up: see its output above.")
        return self._engine.outputs()

    def interrupt(self) -> None:
        """End a running update after its current operation."""
        self._engine.interrupt()

    def _copy(self) -> None:
        """Copy the state and its account. After a missing account there is none to copy."""
        if self._before.exists():
            raise LocalCloudError(KILLED)
        draft = self._before.with_suffix(".unfinished")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(self._engine.stacks, draft / "stacks")
        if not self._refresh:
            self._aws.keep()
            shutil.copy(self.account, draft)
        draft.rename(self._before)
        self._aws.hold()

    def _finish_update(self, *, done: bool) -> None:
        """Remove the copies: state and account match again, unless a refresh failed."""
        if done or not self._refresh:
            self._aws.keep()
            self._remove_copies()
            self._refresh = False

    def _repair(self, report: Callable[[str], None]) -> None:
        """Restore the copies of an update that did not end."""
        if self._before.exists():
            report(INTERRUPTED)
            shutil.rmtree(self._engine.stacks.parent / "locks", ignore_errors=True)
            shutil.rmtree(self._engine.stacks, ignore_errors=True)
            shutil.copytree(self._before / "stacks", self._engine.stacks)
            self.account.unlink(missing_ok=True)
            if (self._before / "account").exists():
                shutil.copy(self._before / "account", self.account)
            self._remove_copies()
        if not self._engine.has_stack:
            self.account.unlink(missing_ok=True)
            last_good(self.account).unlink(missing_ok=True)

    def _remove_copies(self) -> None:
        removed = self._before.with_suffix(".removed")
        shutil.rmtree(removed, ignore_errors=True)
        self._before.rename(removed)
        shutil.rmtree(removed)
