"""Keeps an evaluation to itself: nothing of the caller gets in, nothing of the program stays behind."""

import gc
import os
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def caller_environment_hidden() -> Iterator[None]:
    """Run with no environment variables of the caller's; they come back at the end."""
    kept = dict(os.environ)
    os.environ.clear()
    # Looking for pydantic's plugins reads the metadata of every installed distribution, and none is wanted here.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


@contextmanager
def collection_paused() -> Iterator[None]:
    """Leave garbage collection for later: work that mostly imports has no garbage worth looking for."""
    collecting, modules = gc.isenabled(), len(sys.modules)
    gc.disable()
    try:
        yield
    finally:
        if len(sys.modules) > modules:
            gc.freeze()  # what was imported stays: it need never be looked at
        if collecting:
            gc.enable()


@contextmanager
def stack_traces_cut() -> Iterator[None]:
    """Spare the SDK from formatting the whole stack of every registration for an engine that is not there."""
    limit = getattr(sys, "tracebacklimit", None)
    sys.tracebacklimit = 1
    try:
        yield
    finally:
        if limit is None:
            del sys.tracebacklimit
        else:
            sys.tracebacklimit = limit


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


def package_of(program: Path) -> str:
    """The package that a program's folder belongs to: the outermost folder around it that is one, or itself."""
    folder = program.resolve()
    while (folder.parent / "__init__.py").is_file():
        folder = folder.parent
    return folder.name


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
