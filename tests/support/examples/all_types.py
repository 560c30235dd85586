"""An example of each resource type that the local provider supports, by its type token."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from tests.support.examples.parents import Maker

_NAMES = sorted(module.name for module in iter_modules([str(Path(__file__).parent)]))
_MODULES = [import_module(f"tests.support.examples.{name}") for name in _NAMES if name != "all_types"]
EXAMPLES: Mapping[str, Maker] = {
    token: maker for module in _MODULES for token, maker in getattr(module, "EXAMPLES", {}).items()
}
