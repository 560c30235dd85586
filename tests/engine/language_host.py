"""The engine's host of Python programs, for a machine that has the SDK but not the CLI's own distribution."""

import os
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from google.protobuf import empty_pb2  # type: ignore[import-untyped] # protobuf ships no types
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2

from stackgraph.isolation import fresh_modules
from stackgraph.lazy_services import load_services_lazily
from tests.engine.plugin_process import run_plugin

WHOLE_SERVICES = "WHOLE_SERVICES"
"""Set where each service of pulumi_aws is to be imported whole, as Pulumi's own host does; that costs a second."""


class LanguageHost(LanguageServer):
    """Runs the program that a request names, with the packages of this interpreter."""

    def __init__(self) -> None:
        super().__init__(lambda: None)

    def Handshake(self, _request: Any, _context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Nothing to agree upon."""
        return language_pb2.LanguageHandshakeResponse()

    def InstallDependencies(self, _request: Any, _context: Any) -> Iterator[Any]:  # noqa: N802 - the protocol's name
        """Nothing to install: the interpreter that runs this has them."""
        return iter(())

    def Run(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Run the program once, its own package imported anew."""
        folder = Path(request.info.program_directory)
        os.chdir(request.info.root_directory)

        def program() -> None:
            runpy.run_path(str(folder / request.info.entry_point / "__main__.py"), run_name="__main__")

        self.program = program
        if WHOLE_SERVICES not in os.environ:
            load_services_lazily()
        with fresh_modules(Path(request.info.root_directory), folder / request.info.entry_point):
            answer = cast("Any", super()).Run(request, context)  # the SDK leaves it untyped
        # The SDK has told an error already; with its text in the answer the engine would tell it again.
        return language_pb2.RunResponse(bail=bool(answer.error))

    def RunPlugin(self, request: Any, context: Any) -> Iterator[Any]:  # noqa: N802 - the protocol's name
        """Run a policy pack."""
        return run_plugin(request, context)

    def Cancel(self, _request: Any, _context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Nothing is under way that the end of the engine's own services does not end."""
        return empty_pb2.Empty()
