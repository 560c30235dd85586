"""Serves a plugin as the engine expects it: it prints the port first, and ends silently with the engine."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc  # type: ignore[import-untyped] # grpc ships no types
from pulumi.runtime.proto import language_pb2_grpc, provider_pb2_grpc

UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


def serve(plugin: Any) -> None:
    """Serve a language host or a resource provider until the engine ends this process."""
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda _signum, _frame: os._exit(0))  # a traceback would end up in the engine's output
    engine = os.getppid()  # read before the port is printed: from then on the engine may end at any moment
    server = grpc.server(ThreadPoolExecutor(32), options=UNLIMITED)
    _registration(plugin)(plugin, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)  # noqa: T201 - this is how the engine learns the port
    while server.wait_for_termination(timeout=1):
        if os.getppid() != engine:  # the engine was killed
            os._exit(0)


def _registration(plugin: Any) -> Callable[[Any, Any], None]:
    if isinstance(plugin, provider_pb2_grpc.ResourceProviderServicer):
        return provider_pb2_grpc.add_ResourceProviderServicer_to_server
    return language_pb2_grpc.add_LanguageRuntimeServicer_to_server
