"""The engine's language host for Python, for a CLI that was built without one."""

import os
import queue
import runpy
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, cast

from google.protobuf import empty_pb2  # type: ignore[import-untyped] # protobuf ships no types
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2

from toolkit.private_names import require_private_names
from toolkit.stacks.isolation import fresh_modules
from toolkit.stacks.lazy_services import load_services_lazily

PRIVATE_NAMES = require_private_names("pulumi", "pulumi.automation._server:LanguageServer")

WHOLE_SERVICES = "WHOLE_SERVICES"
"""Set where each service of pulumi_aws is to be imported whole, as Pulumi's own host does; that costs a second."""


class LanguageHost(LanguageServer):
    """Runs the program that a request names, with the packages of this interpreter."""

    def __init__(self) -> None:
        super().__init__(lambda: None)

    def Handshake(self, _request: Any, _context: Any) -> Any:  # noqa: N802 - the name in the protocol
        """Return an empty handshake."""
        return language_pb2.LanguageHandshakeResponse()

    def InstallDependencies(self, _request: Any, _context: Any) -> Iterator[Any]:  # noqa: N802 - the name in the protocol
        """Install nothing: this interpreter has the packages."""
        return iter(())

    def Run(self, request: Any, context: Any) -> Any:  # noqa: N802 - the name in the protocol
        """Run the program once; its package is imported again."""
        folder = Path(request.info.program_directory)
        os.chdir(request.info.root_directory)

        def program() -> None:
            runpy.run_path(str(folder / request.info.entry_point / "__main__.py"), run_name="__main__")

        self.program = program
        if WHOLE_SERVICES not in os.environ:
            load_services_lazily()
        with fresh_modules(Path(request.info.root_directory), folder / request.info.entry_point):
            answer = cast("Any", super()).Run(request, context)  # the SDK leaves it untyped
        # The SDK has reported the error; with its text in the response the engine would report it twice.
        return language_pb2.RunResponse(bail=bool(answer.error))

    def RunPlugin(self, request: Any, context: Any) -> Iterator[Any]:  # noqa: N802 - the name in the protocol
        """Run a plugin written in Python, such as a policy pack."""
        return _run_plugin(request, context)

    def Cancel(self, _request: Any, _context: Any) -> Any:  # noqa: N802 - the name in the protocol
        """Do nothing: the program ends with the engine's services."""
        return empty_pb2.Empty()


def _run_plugin(request: Any, context: Any) -> Iterator[Any]:
    """Start the program that a request names. Yield its output line by line, then its exit code."""
    process = subprocess.Popen(  # noqa: S603 - the engine names the program
        [sys.executable, "-u", request.info.program_directory, *request.args],
        cwd=request.pwd,
        env={**os.environ, **dict(entry.split("=", 1) for entry in request.env)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    context.add_callback(process.kill)  # the engine closes the call to end the plugin
    messages: queue.SimpleQueue[Any] = queue.SimpleQueue()
    readers = [
        threading.Thread(target=_read_lines, args=(stream, answer, messages), daemon=True)
        for stream, answer in ((process.stdout, _stdout), (process.stderr, _stderr))
    ]
    for reader in readers:
        reader.start()
    open_streams = len(readers)
    while open_streams:
        answer = messages.get()
        open_streams -= answer is None
        if answer is not None:
            yield answer
    yield language_pb2.RunPluginResponse(exitcode=process.wait())


def _read_lines(stream: IO[bytes] | None, answer: Callable[[bytes], Any], messages: "queue.SimpleQueue[Any]") -> None:
    for line in stream or ():
        messages.put(answer(line))
    messages.put(None)


def _stdout(line: bytes) -> Any:
    return language_pb2.RunPluginResponse(stdout=line)


def _stderr(line: bytes) -> Any:
    return language_pb2.RunPluginResponse(stderr=line)
