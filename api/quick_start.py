"""Starts pydantic, FastAPI and botocore sooner: without what only documents, draws or serves type checkers.

`pydantic_core.core_schema` declares some eighty TypedDicts; making one parses each of its annotations.
`fastapi.openapi.models` makes some thirty pydantic models at import, a fifth of FastAPI's start-up, and the function
needs none of them to answer. `fastapi.telemetry` loads thirty modules of OpenTelemetry, switched off or not.
botocore imports fifteen modules that write its manual, an HTML parser among them, to give its methods docstrings.
None of them has a switch for it.
"""

import importlib
import importlib.util
import sys
import typing
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import typing_extensions


def import_pydantic() -> None:
    """Import pydantic with its core's dictionaries undescribed, and settle FastAPI's many searches for pydantic 1."""
    typed_dict = typing.TypedDict, typing_extensions.TypedDict
    typing.TypedDict = typing_extensions.TypedDict = _Undescribed  # type: ignore[assignment] # until the core is in
    try:
        import pydantic_core  # noqa: F401 - the import is the point
    finally:
        typing.TypedDict, typing_extensions.TypedDict = typed_dict
    if importlib.util.find_spec("pydantic.v1") is None:
        sys.modules["pydantic.v1"] = None  # type: ignore[assignment] # Python's own way to say that there is none


class _Undescribed(dict[str, Any]):
    """A TypedDict without what its annotations say."""

    def __init_subclass__(cls, total: bool = True) -> None:
        """Take what a TypedDict takes."""


def import_fastapi() -> None:
    """Import FastAPI without its telemetry, and with the models of its document loaded once it is written.

    So is what reads the metadata of packages, which pydantic does for plugins and e-mail addresses alone.
    """
    from api import no_telemetry

    for name in ("telemetry", "telemetry._api", "telemetry._asgi", "telemetry._runtime"):
        sys.modules.setdefault(f"fastapi.{name}", no_telemetry)
    # OAuth2 makes flows at once, for which pydantic takes a dictionary as well.
    with _used_later("fastapi.openapi.models", OAuthFlows=dict), _used_later("importlib.metadata"):
        import fastapi  # noqa: F401 - the import is the point


@contextmanager
def _used_later(module: str, **instead: type) -> Iterator[None]:
    """Let others take names from a module, which is loaded when one of them is used; some are others for good."""
    stand_in = _Later(module)
    vars(stand_in).update(instead)
    sys.modules.setdefault(module, stand_in)
    try:
        yield
    finally:
        stand_in.leave()


class _Later(ModuleType):
    """Stands for a module while others take names from it."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Name(name, (), {"stand_in": self})

    def leave(self) -> None:
        """Let the next import find the module itself."""
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]


class _Name(type):
    """A class or function of a module that is not loaded yet."""

    stand_in: _Later

    @property
    def real(cls) -> Any:
        """What it stands for."""
        cls.stand_in.leave()
        return getattr(importlib.import_module(cls.stand_in.__name__), cls.__name__)

    def __call__(cls, *args: Any, **named: Any) -> Any:
        return cls.real(*args, **named)

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(cls.real, name)


def import_botocore() -> None:
    """Import botocore without its manual's writers; every docstring is empty then."""
    _leave_out_botocore_manual()
    # urllib3 reads metadata for HTTP/2 alone; of DynamoDB's answers only a table's description holds dates.
    with _used_later("importlib.metadata"), _used_later("dateutil.parser"):
        import botocore.session  # noqa: F401 - the import is the point


def _leave_out_botocore_manual() -> None:
    found = importlib.util.find_spec("botocore")
    if found is None or found.submodule_search_locations is None or "botocore.docs" in sys.modules:
        return
    docs, docstrings = ModuleType("botocore.docs"), ModuleType("botocore.docs.docstring")
    # The package itself stays, for botocore's handlers use one of its modules; only what it imports at once does not.
    docs.__path__ = [f"{folder}/docs" for folder in found.submodule_search_locations]
    vars(docstrings)["__getattr__"] = _docstring_class
    sys.modules |= {"botocore.docs": docs, "botocore.docs.docstring": docstrings}


def _docstring_class(name: str) -> type[str]:
    """The class of any name that botocore may import; a module's own attributes are not among them."""
    if name.startswith("__"):
        raise AttributeError(name)
    return _NoDocstring


class _NoDocstring(str):
    """Made with a method's description, and says nothing of it."""

    __slots__ = ()

    def __new__(cls, *_: Any, **__: Any) -> "_NoDocstring":
        return super().__new__(cls)
