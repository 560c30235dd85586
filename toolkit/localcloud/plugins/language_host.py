"""The engine's language host for Python, for a CLI that was built without one."""

import os
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from google.protobuf import empty_pb2  # type: ignore[import-untyped] # protobuf ships no types
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2

from toolkit.localcloud.plugins.plugin_process import run_plugin
from toolkit.private_names import require_private_names
from toolkit.stacks.isolation import fresh_modules

PRIVATE_NAMES = require_private_names("pulumi", "pulumi.automation._server:LanguageServer")


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
        with fresh_modules(Path(request.info.root_directory), folder / request.info.entry_point):
            answer = cast("Any", super()).Run(request, context)  # the SDK leaves it untyped
        # The SDK has reported the error; with its text in the response the engine would report it twice.
        return language_pb2.RunResponse(bail=bool(answer.error))

    def RunPlugin(self, request: Any, context: Any) -> Iterator[Any]:  # noqa: N802 - the name in the protocol
        """Run a policy pack."""
        return run_plugin(request, context)

    def Cancel(self, _request: Any, _context: Any) -> Any:  # noqa: N802 - the name in the protocol
        """Do nothing: the program ends with the engine's services."""
        return empty_pb2.Empty()
