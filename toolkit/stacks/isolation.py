"""Isolates an evaluation: the program does not see the state of the caller, and its changes are reverted."""

import gc
import logging
import os
import sys
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_HOST_MODULES = {
    *sys.stdlib_module_names,
    "__main__",
    "__init__",
    "google",
    "grpc",
    "opentelemetry",
    "pulumi",
    "semver",
    "toolkit",
    "typing_extensions",
}
"""Modules that are loaded before any program runs, so that no file of a program replaces them."""


@contextmanager
def process_state_restored() -> Iterator[None]:
    """Restore what a program may change in the process, also where the program never ends."""
    environment, path, arguments, folder = dict(os.environ), list(sys.path), list(sys.argv), Path.cwd()
    hook, modules, output = threading.excepthook, dict(sys.modules), sys.stdout
    threading.excepthook = _log_error_of_thread
    try:
        yield
    finally:
        threading.excepthook = hook
        sys.stdout = output
        if Path.cwd() != folder:
            os.chdir(folder)
        sys.path[:], sys.argv = path, arguments
        if os.environ != environment:
            os.environ.clear()
            os.environ.update(environment)
        sys.modules.update(modules)


def _log_error_of_thread(args: threading.ExceptHookArgs) -> None:
    words = " ".join(str(args.exc_value).split()) or "no message"
    logging.getLogger("toolkit.stacks").warning(
        "A thread of the program failed with %s: %s.", args.exc_type.__name__, words
    )


@contextmanager
def caller_environment_hidden() -> Iterator[None]:
    """Run without the caller's environment variables and restore them at the end."""
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
    """Disable garbage collection: work that mostly imports makes little garbage."""
    collecting, modules = gc.isenabled(), len(sys.modules)
    gc.disable()
    try:
        yield
    finally:
        if len(sys.modules) > modules:
            gc.freeze()  # imported modules stay, so they need no collection
        if collecting:
            gc.enable()


@contextmanager
def stack_traces_cut() -> Iterator[None]:
    """Stop the SDK from formatting a stack trace for every registration: no engine reads it."""
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
def fresh_modules(root: Path, folder: Path) -> Iterator[None]:
    """Let the program import its own modules anew, without a change of the caller's imports.

    The program's folder is first on its path, so it hides a caller's module of the same name; what the SDK
    and this package have loaded does not, as in the process of the engine's host.
    """
    top = _outermost_package(folder)
    names = {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    if (top / "__init__.py").is_file():  # a program in a package also imports the packages beside it
        names |= {path.name for path in top.parent.iterdir() if (path / "__init__.py").is_file()}
    caller = _take_modules(names - _HOST_MODULES)
    before = set(sys.modules)
    try:
        yield
    finally:
        _take_modules(names - _HOST_MODULES)
        for name in [name for name in sys.modules.keys() - before if _is_below(sys.modules[name], root, top)]:
            if name.partition(".")[0] not in _HOST_MODULES:
                del sys.modules[name]
        sys.modules.update(caller)


def _outermost_package(folder: Path) -> Path:
    """Return the outermost package folder around a program, or the program's own folder."""
    found = folder.resolve()
    while (found.parent / "__init__.py").is_file():
        found = found.parent
    return found


def _take_modules(packages: Collection[str]) -> dict[str, Any]:
    names = [name for name in sys.modules if name.partition(".")[0] in packages]
    return {name: sys.modules.pop(name) for name in names}


def _is_below(module: Any, *folders: Path) -> bool:
    places = (getattr(module, "__file__", None), *getattr(module, "__path__", ()))  # a namespace has no file
    place = next((found for found in places if isinstance(found, str)), "")
    return "site-packages" not in place and any(Path(place).is_relative_to(folder) for folder in folders)
