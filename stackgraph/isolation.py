"""Keeps an evaluation to itself: nothing of the caller gets in, nothing of the program stays behind."""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any


@contextmanager
def caller_environment_hidden() -> Iterator[None]:
    """Run with no environment variables at all; the process's own come back at the end."""
    kept = dict(os.environ)
    os.environ.clear()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


@contextmanager
def fresh_program(package: str) -> Iterator[None]:
    """Let the program import its own package anew from where it is run, and leave the caller's imports alone."""
    path, caller = list(sys.path), _take_modules(package)
    try:
        yield
    finally:
        _take_modules(package)
        sys.modules.update(caller)
        sys.path[:] = path


def _take_modules(package: str) -> dict[str, Any]:
    names = [name for name in sys.modules if name == package or name.startswith(f"{package}.")]
    return {name: sys.modules.pop(name) for name in names}


class InlineExecutor(ThreadPoolExecutor):
    """Does the work at once, in the caller's thread: the order of registrations is then the same in every run."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call `fn` and return its result as a future that is done."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future
