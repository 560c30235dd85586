"""Import pydantic without building the TypedDicts of its core, its plugins, and FastAPI's search for pydantic 1.

`pydantic_core.core_schema` declares some eighty TypedDicts for type checkers; building one parses each of its
annotations. The search for plugins reads the metadata of every installed package.
"""

import importlib.util
import os
import sys
import typing
from typing import Any

import typing_extensions

from api.cold_start.patches import require_attributes

PATCHED = ("pydantic_core.core_schema.CoreConfig", "pydantic_core.core_schema.ModelField", "pydantic.v1")
"""The private names that this file depends on."""


def import_patched() -> None:
    """Import pydantic's core with plain dictionaries in place of its TypedDicts. Raise PatchError."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    typed_dict = typing.TypedDict, typing_extensions.TypedDict
    typing.TypedDict = typing_extensions.TypedDict = _PlainDict  # type: ignore[assignment] # until the core is imported
    try:
        import pydantic_core
        from pydantic_core import core_schema
    finally:
        typing.TypedDict, typing_extensions.TypedDict = typed_dict
    require_attributes(pydantic_core, core_schema, "CoreConfig", "ModelField")
    if importlib.util.find_spec("pydantic.v1") is None:  # left out of the Lambda package
        sys.modules["pydantic.v1"] = None  # type: ignore[assignment] # Python's own mark of a module that is missing


class _PlainDict(dict[str, Any]):
    """A TypedDict without its annotations."""

    def __init_subclass__(cls, total: bool = True) -> None:
        """Take the argument of a TypedDict."""
