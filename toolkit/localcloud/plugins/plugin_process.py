"""Runs a plugin written in Python, such as a policy pack, as a process of its own for as long as the engine listens."""

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import IO, Any

from pulumi.runtime.proto import language_pb2


def run_plugin(request: Any, context: Any) -> Iterator[Any]:
    """Start the program that a request names; its output, line by line, and last its exit code."""
    process = subprocess.Popen(  # noqa: S603 - the engine names the program
        [sys.executable, "-u", request.info.program_directory, *request.args],
        cwd=request.pwd,
        env={**os.environ, **dict(entry.split("=", 1) for entry in request.env)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    context.add_callback(process.kill)  # the engine hangs up when it has heard enough
    said: queue.SimpleQueue[Any] = queue.SimpleQueue()
    readers = [
        threading.Thread(target=_listen, args=(stream, answer, said), daemon=True)
        for stream, answer in ((process.stdout, _spoken), (process.stderr, _complained))
    ]
    for reader in readers:
        reader.start()
    open_streams = len(readers)
    while open_streams:
        answer = said.get()
        open_streams -= answer is None
        if answer is not None:
            yield answer
    yield language_pb2.RunPluginResponse(exitcode=process.wait())


def _listen(stream: IO[bytes] | None, answer: Callable[[bytes], Any], said: "queue.SimpleQueue[Any]") -> None:
    for line in stream or ():
        said.put(answer(line))
    said.put(None)


def _spoken(line: bytes) -> Any:
    return language_pb2.RunPluginResponse(stdout=line)


def _complained(line: bytes) -> Any:
    return language_pb2.RunPluginResponse(stderr=line)
