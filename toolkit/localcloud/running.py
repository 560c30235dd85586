"""The record of the running local stack: one stack per folder, recorded there for the other commands."""

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.private_files import make_private, try_lock, write_private
from toolkit.stacks.errors import FileError, RefusedError
from toolkit.stacks.json_documents import read_json


class LocalCloudError(RefusedError):
    """The local stack cannot start, or cannot run a command."""


class RunningStack(BaseModel):
    """The record of a running stack; it has the embedded AWS's keys, so only the user may read it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    endpoint_url: str
    region: str
    access_key_id: str
    secret_access_key: str
    outputs: Mapping[str, str]

    @staticmethod
    def of(url: str, connection: AwsConnection, outputs: Mapping[str, str]) -> "RunningStack":
        """Return the stack that this process serves at `url`."""
        return RunningStack(
            url=url,
            endpoint_url=connection.endpoint_url,
            region=connection.region,
            access_key_id=connection.access_key_id,
            secret_access_key=connection.secret_access_key,
            outputs=outputs,
        )

    @property
    def connection(self) -> AwsConnection:
        """The administrator's connection to the embedded AWS."""
        return AwsConnection(
            endpoint_url=self.endpoint_url,
            region=self.region,
            access_key_id=self.access_key_id,
            secret_access_key=self.secret_access_key,
        )

    def write(self, folder: Path) -> None:
        """Record this stack as the running one, atomically."""
        write_private(folder / "stack.json", self.model_dump_json().encode())

    @staticmethod
    def read(folder: Path) -> "RunningStack":
        """Return the running stack. Raises LocalCloudError where none runs."""
        if not _is_locked(folder / "lock"):
            raise LocalCloudError("No local stack runs here: start one with `./stack up`.")
        try:
            return RunningStack.model_validate(read_json(folder / "stack.json"))
        except (FileError, ValidationError) as error:
            raise LocalCloudError(
                "The local stack is still starting: try again once `./stack up` prints its URL."
            ) from error


@contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """Lock the folder for this process's local stack; the lock ends with the process. Only the user may read it."""
    make_private(folder)
    with (folder / "lock").open("w") as lock:
        if not try_lock(lock):
            raise LocalCloudError(
                "A local stack already runs here: use it, or end it with Ctrl-C where it was started."
            )
        (folder / "stack.json").unlink(missing_ok=True)
        try:
            yield
        finally:
            (folder / "stack.json").unlink(missing_ok=True)


@contextmanager
def listening(port: int, setting: str) -> Iterator[socket.socket]:
    """Yield a socket that listens on 127.0.0.1. Raises LocalCloudError for a port in use; `setting` selects one."""
    try:
        listener = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        another = port + 100 if 1024 <= port <= 65435 else 9000
        raise LocalCloudError(
            f"Port {port} of 127.0.0.1 cannot be used ({os.strerror(error.errno or 0)}): "
            f"choose another, e.g. `./stack up {setting} {another}`."
        ) from error
    with listener:
        yield listener


def _is_locked(lock: Path) -> bool:
    try:
        with lock.open() as handle:
            return not try_lock(handle)
    except OSError:
        return False
