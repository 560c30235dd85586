"""Serves a deployed stack: the HTTP API gateway and the Lambda runtime in this process, until Ctrl-C."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import uvicorn

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.events.delivery import EventDelivery
from toolkit.localcloud.events.invoked_functions import InvokedFunction, invoked_functions
from toolkit.localcloud.gateway.application import Gateway
from toolkit.localcloud.running import LocalCloudError, listening
from toolkit.localcloud.runtime import LambdaRuntime
from toolkit.localcloud.shutdown_signals import call_on_first_signal, ignore_shutdown_signals
from toolkit.localcloud.sign_in import create_sign_in

GRACE_SECONDS = 2
"""How long requests in progress may take after Ctrl-C."""


class ServedStack:
    """A stack that is served: its gateway, its Lambda runtime and the HTTP server."""

    def __init__(
        self, connection: AwsConnection, account_id: str, outputs: Mapping[str, str], logs: Path, url: httpx.URL
    ) -> None:
        self._connection = connection
        self._url = url
        self._function = f"{outputs['function_name']}:{outputs['function_alias']}"
        self._runtime = LambdaRuntime(connection, logs / "function.log", outputs["function_name"])
        self._events = EventDelivery(connection, self._runtime)
        self._gateway = Gateway(
            connection,
            api_id=outputs["api_id"],
            account_id=account_id,
            runtime=self._runtime,
            access_log=logs / "access.log",
            sign_in=create_sign_in(connection, outputs["user_pool_id"]) if "user_pool_id" in outputs else None,
        )
        self._server = _Server(
            uvicorn.Config(
                self._gateway,
                lifespan="off",
                access_log=False,
                log_level="warning",
                server_header=False,
                date_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[asyncio.Task[None]]:
        """Serve requests while the body runs; yields the server's task, which ends with Ctrl-C.

        Raises LocalCloudError where the port was taken meanwhile.
        """
        # asyncio's own handlers would end with its loop and leave Python's, which cut the shutdown short.
        call_on_first_signal(self._server.end)
        try:
            with listening(self._url.port or 80, "PORT") as listener:
                await self._runtime.connect(self._events)
                task = asyncio.create_task(self._server.serve(sockets=[listener]))
                try:
                    yield task
                finally:
                    self._server.end()
                    await task
        finally:
            ignore_shutdown_signals()
            await self._events.close()
            await self._gateway.close()
            await self._runtime.close()

    async def check_health(self) -> None:
        """Start a worker and require 200 from GET /health. Raises LocalCloudError with the other response."""
        await self._runtime.warm(self._function)
        async with httpx.AsyncClient(base_url=self._url, trust_env=False, timeout=40) as client:
            try:
                response = await client.get("/health")
            except httpx.TransportError as error:
                if self._server.should_exit:  # Ctrl-C came first
                    return
                raise LocalCloudError(f"The API came up but GET /health gets no response: {error}") from error
        if response.status_code != 200:
            raise LocalCloudError(f"The API came up but GET /health returns {response.status_code}: {response.text}")

    async def functions(self) -> list[InvokedFunction]:
        """Return the functions of the stack, with what invokes them."""
        return await invoked_functions(self._connection, self._runtime, await self._events.sources())

    async def refresh(self) -> None:
        """Read what a new deployment changed, and start a worker of the new version."""
        await self._gateway.refresh()
        await self._runtime.refresh()
        await self._runtime.warm(self._function)


class _Server(uvicorn.Server):
    """uvicorn's server without its own signal handling, which would repeat the signal and cut the shutdown short."""

    def end(self) -> None:
        """Let the requests in progress end, then the server."""
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
