"""Starts pydantic, FastAPI and botocore sooner: without the parts that only write documentation or serve type checkers.

`pydantic_core.core_schema` declares some eighty TypedDicts; making one parses each of its annotations.
`fastapi.openapi.models` compiles some thirty pydantic models at import, a fifth of FastAPI's start-up, and the function
needs none of them to answer. pydantic itself offers to wait (`defer_build`); FastAPI has no switch for it.
botocore imports fifteen modules that write its manual, an HTML parser among them, to give its methods docstrings.
"""

import importlib.util
import sys
import typing
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
    """Import FastAPI with its own pydantic models deferred until their first use."""
    from pydantic import BaseModel

    eager_config, rebuild = BaseModel.model_config, BaseModel.__dict__["model_rebuild"]

    def rebuild_on_use(cls: type[BaseModel], /, **how: Any) -> bool | None:
        """Do nothing for the bare calls at the end of FastAPI's module; pydantic's own calls always say how."""
        result: bool | None = rebuild.__get__(None, cls)(**how) if how else None
        return result

    try:
        BaseModel.model_config = {**eager_config, "defer_build": True}
        BaseModel.model_rebuild = classmethod(rebuild_on_use)  # type: ignore[assignment,method-assign] # until FastAPI is in
        import fastapi  # noqa: F401 - the import is the point
    finally:
        BaseModel.model_config = eager_config
        BaseModel.model_rebuild = rebuild  # type: ignore[method-assign] # as it was


def leave_out_botocore_manual() -> None:
    """Let botocore find its manual's writers absent; every docstring is empty then. To be called before its import."""
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
