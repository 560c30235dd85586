"""Helpers of the patches: check that a patched name exists, and load modules on first use."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import PathFinder
from types import ModuleType
from typing import Any


class PatchError(ImportError):
    """A library no longer has what a patch replaces or uses."""

    def __init__(self, library: str, name: str) -> None:
        super().__init__(
            f"{library} {_version(library)} has no {name}, which api/cold_start uses: install the version of "
            "requirements/lambda.txt, adapt the patch, or set COLD_START_PATCHES=off."
        )


def require_modules(library: ModuleType, *names: str) -> None:
    """Raise PatchError unless the library has each of the modules; none of them is imported."""
    for name in names:
        folder = "/".join(["", *name.split(".")[1:-1]])
        if PathFinder.find_spec(name, [f"{path}{folder}" for path in library.__path__]) is None:
            raise PatchError(library.__name__, name)


def require_attributes(library: ModuleType, owner: ModuleType | type, *names: str) -> None:
    """Raise PatchError unless the module or class has each of the attributes."""
    for name in names:
        if not hasattr(owner, name):
            raise PatchError(library.__name__, f"{owner.__name__}.{name}")


def _version(library: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(library)
    except PackageNotFoundError:  # the Lambda package has no metadata
        return str(getattr(sys.modules.get(library), "__version__", "of unknown version"))


@contextmanager
def lazy_import(module: str, **replacements: type) -> Iterator[None]:
    """Let other modules import names from a module that is loaded when one of the names is used.

    `replacements` replace some of its names permanently.
    """
    placeholder = _LazyModule(module)
    vars(placeholder).update(replacements)
    sys.modules.setdefault(module, placeholder)
    try:
        yield
    finally:
        placeholder.remove()


class _LazyModule(ModuleType):
    """A placeholder of a module while other modules import names from it."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return _LazyName(name, (), {"placeholder": self})

    def remove(self) -> None:
        """Let the next import find the module itself."""
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]


class _LazyName(type):
    """A class or function of a module that is not loaded yet."""

    placeholder: _LazyModule

    @property
    def real(cls) -> Any:
        """The class or function itself."""
        cls.placeholder.remove()
        return getattr(importlib.import_module(cls.placeholder.__name__), cls.__name__)

    def __call__(cls, *args: Any, **named: Any) -> Any:
        return cls.real(*args, **named)

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(cls.real, name)
