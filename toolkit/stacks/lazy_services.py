"""Loads of a service's package in pulumi_aws only the modules that the program touches: s3 alone has some eighty.

At the first attribute access a package is normally executed completely. Here `aws.s3.Bucket` imports `bucket.py` and
what that needs; whatever cannot be found that way executes the package as ever, so nothing changes but the time.
"""

import importlib
import importlib.util
import re
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

_PACKAGE = "pulumi_aws"


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The service's package, with a loader that does not execute it yet."""
        package, _, service = fullname.partition(".")
        if package != _PACKAGE or not service or "." in service or path is None:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.submodule_search_locations and spec.loader:
            spec.loader = _Service(spec.loader)
        return spec


class _Service(Loader):
    """Leaves the package empty except for a `__getattr__` that loads its modules."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        folder = Path(next(iter(module.__path__)))

        def find(name: str) -> Any:
            if name.startswith("__") and name != "__all__":
                raise AttributeError(name)
            for leaf in (_snake(name), _snake(name.removesuffix("Args")), "_inputs"):
                if name != "__all__" and (folder / f"{leaf}.py").is_file():
                    submodule = importlib.import_module(f"{module.__name__}.{leaf}")
                    found = getattr(submodule, name, submodule if leaf == name else None)
                    if found is not None:
                        module.__dict__[name] = found  # a function hides the module of its name
                        return found
            del module.__dict__["__getattr__"]
            self._loader.exec_module(module)
            return getattr(module, name)

        module.__dict__["__getattr__"] = find


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def load_services_lazily() -> None:
    """Load services lazily from now on in this process; loaded services stay unchanged."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
