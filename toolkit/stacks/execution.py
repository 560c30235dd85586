"""How the SDK's calls of the engine are executed: here or in threads, some of them waiting for the program itself."""

import asyncio
import inspect
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import Any


class CallExecutor(ThreadPoolExecutor):
    """Executes calls of the monitor in threads; where one returns a coroutine, its result is the answer.

    A transform of the program runs in the program's own event loop, which a call in a thread must not block.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, threads: int) -> None:
        super().__init__(threads)
        self._loop = loop

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call `fn` in a thread and return its answer as a future."""
        answer: Future[Any] = Future()
        finish = self._completion_callback(answer)
        super().submit(fn, *args, **kwargs).add_done_callback(finish)
        return answer

    def _completion_callback(self, answer: Future[Any]) -> Callable[[Future[Any]], None]:
        context = copy_context()  # the SDK keeps its settings in context variables

        def run(returned: Any) -> None:
            task = self._loop.create_task(_awaited(returned), context=context)
            task.add_done_callback(lambda done: _copy_result(done, answer))

        def finish(done: Future[Any]) -> None:
            if _is_pending(done):
                self._loop.call_soon_threadsafe(run, done.result())
            else:
                _copy_result(done, answer)

        return finish


class InlineExecutor(CallExecutor):
    """Does the work at once, in the caller's thread: the order of registrations is then the same in every run."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop, 1)

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call `fn` and return its answer as a future."""
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        if not _is_pending(done):
            return done
        answer: Future[Any] = Future()
        self._completion_callback(answer)(done)
        return answer


def _is_pending(done: Future[Any]) -> bool:
    """Return whether the call returned a coroutine; for a function call the SDK returns it in a pair with no error."""
    if done.exception() is not None:
        return False
    returned = done.result()
    return inspect.iscoroutine(returned[0] if isinstance(returned, tuple) else returned)


async def _awaited(returned: Any) -> Any:
    return (await returned[0], *returned[1:]) if isinstance(returned, tuple) else await returned


def _copy_result(done: Any, answer: Future[Any]) -> None:
    if answer.cancelled():
        return
    if done.cancelled():
        answer.cancel()
    elif error := done.exception():
        answer.set_exception(error)
    else:
        answer.set_result(done.result())
