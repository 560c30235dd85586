"""Runs a plugin written in Python, such as a policy pack, as a process, until the engine closes the call."""

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import IO, Any

from pulumi.runtime.proto import language_pb2


def run_plugin(request: Any, context: Any) -> Iterator[Any]:
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
