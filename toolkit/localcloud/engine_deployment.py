"""Deploys the stack `local` by the Pulumi engine, whose state and whose AWS account stay together between runs."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from toolkit.engine.errors import EngineError
from toolkit.localcloud.aws import EmbeddedAws
from toolkit.localcloud.private_files import last_good
from toolkit.localcloud.pulumi_engine import EngineTools, PulumiEngine
from toolkit.localcloud.running import LocalCloudError
from toolkit.localcloud.stack_file import STACK, STACK_FILE_URL, LocalStackFile

BROKEN_OFF = "The last update was broken off: going on from where it began."
KILLED = "The Pulumi engine was killed: start again, and the stack goes on from where that update began."
RECOVERED = (
    "The file of the AWS account is missing, damaged or was reset: going on from its last good copy, and refreshing. "
    "A damaged file is kept as account.damaged-<time>."
)
WITHOUT_AWS = (
    "The state's AWS account is missing, damaged or of another version: refreshing, and creating what is gone."
)


class EngineDeployment:
    """What the engine deployed, in this run and in those before.

    State and account must belong together. Copies of both are made before an update and removed after it. A run that
    finds copies continues from them.
    """

    changes = "deployed"
    """What was done last; the engine itself said more."""

    def __init__(self, tools: EngineTools, root: Path, folder: Path, url: str, lock: int) -> None:
        self._root = root
        self._url = url
        self._engine = PulumiEngine(tools, root, folder, lock)
        self._before = folder / "before"
        self._refresh = False
        self.account = folder / "account"
        """The file of the embedded AWS's account."""

    @classmethod
    @contextmanager
    def opened(
        cls, tools: EngineTools, root: Path, folder: Path, url: str, say: Callable[[str], None]
    ) -> Iterator["EngineDeployment"]:
        """The kept deployment of a folder, once no engine of an earlier run works on it."""
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Waiting for the end of an update that was broken off ...")
                fcntl.flock(lock, fcntl.LOCK_EX)
            deployment = cls(tools, root, folder, url, lock.fileno())
            deployment._repair(say)
            yield deployment

    def settle(self, aws: EmbeddedAws, say: Callable[[str], None]) -> None:
        """Work with this account, whatever was found of it."""
        self._aws = aws
        if aws.found != "kept" and self._engine.has_stack:
            say(RECOVERED if aws.found == "recovered" else WITHOUT_AWS)
            self._refresh = True

    def apply(self) -> dict[str, str]:
        """Have the engine do what changed since the last time, and return the outputs. Raises RefusedError."""
        LocalStackFile.read(self._root, self._url)  # says what is wrong with it better than the engine
        text = (self._root / f"Pulumi.{STACK}.yaml").read_text(encoding="utf-8")
        self._engine.configure(text.replace(STACK_FILE_URL, self._url))
        self._note_before()
        try:
            code = self._engine.up(self._aws.connection, refresh=self._refresh)
        except (KeyboardInterrupt, EngineError):
            self._note_after(done=False)
            raise
        if code < 0:
            raise LocalCloudError(KILLED)
        self._note_after(done=code == 0)
        if code != 0:
            raise LocalCloudError("The Pulumi engine did not bring the stack up: see its words above.")
        return self._engine.outputs()

    def interrupt(self) -> None:
        """Have an update that runs end after what it is at."""
        self._engine.interrupt()

    def _note_before(self) -> None:
        """Put aside the state and the account that belongs to it; a missing one is no account to go back to."""
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

    def _note_after(self, *, done: bool) -> None:
        """The update ended by itself: state and account are one again, unless it was to make them so and could not."""
        if done or not self._refresh:
            self._aws.keep()
            self._forget_before()
            self._refresh = False

    def _repair(self, say: Callable[[str], None]) -> None:
        """Go back to where an update began that nobody saw end."""
        if self._before.exists():
            say(BROKEN_OFF)
            shutil.rmtree(self._engine.stacks.parent / "locks", ignore_errors=True)
            shutil.rmtree(self._engine.stacks, ignore_errors=True)
            shutil.copytree(self._before / "stacks", self._engine.stacks)
            self.account.unlink(missing_ok=True)
            if (self._before / "account").exists():
                shutil.copy(self._before / "account", self.account)
            self._forget_before()
        if not self._engine.has_stack:
            self.account.unlink(missing_ok=True)
            last_good(self.account).unlink(missing_ok=True)

    def _forget_before(self) -> None:
        gone = self._before.with_suffix(".gone")
        shutil.rmtree(gone, ignore_errors=True)
        self._before.rename(gone)
        shutil.rmtree(gone)
