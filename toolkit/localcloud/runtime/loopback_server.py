"""A server on a free port of 127.0.0.1, for the protocols between this process, its workers and the embedded AWS."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any


class LoopbackServer:
    """Handles each connection in its own task. Closing the server cancels the tasks in progress."""

    def __init__(
        self,
        handle: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
        max_line_bytes: int = 64 * 1024,
    ) -> None:
        self._handle = handle
        self._max_line_bytes = max_line_bytes
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    async def start(self) -> int:
        """Listen, and return the port."""
        # Assigned before it is awaited, so that an interrupt here can still close it.
        self._server = await asyncio.start_server(
            self._accept, "127.0.0.1", 0, limit=self._max_line_bytes, start_serving=False
        )
        await self._server.start_serving()
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stop listening, and cancel the tasks in progress."""
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def keep(self, task: asyncio.Task[Any]) -> None:
        """Cancel this task, too, when the server closes."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (task := asyncio.current_task()) is not None:
            self.keep(task)
        try:
            await self._handle(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client disconnected
        except asyncio.CancelledError:
            pass  # closing: asyncio's streams would report a cancelled connection as an error
        finally:
            writer.close()
