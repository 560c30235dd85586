"""Every resource type that the provider supports.

A module with the name of a module of toolkit/resource_types has the entries of that AWS service, as ENTRIES.
"""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import toolkit.resource_types as resource_types
from toolkit.localcloud.provider.entry import Entry
from toolkit.localcloud.provider.errors import ProviderError
from toolkit.resource_types.lambda_ import FUNCTION_URL

_PACKAGE = __name__.rpartition(".")[0]
_SERVICES = {module.name for module in iter_modules(resource_types.__path__) if not module.ispkg}
_MODULES = sorted(module.name for module in iter_modules([str(Path(__file__).parent)]) if module.name in _SERVICES)
ENTRIES: Mapping[str, Entry] = {
    entry.type: entry for name in _MODULES for entry in import_module(f"{_PACKAGE}.{name}").ENTRIES
}


REFUSED: Mapping[str, str] = {
    FUNCTION_URL: (
        "a function URL passes by the authorizer, the throttles and the access log of the HTTP API;"
        " reach the function by a route of the API"
    )
}
"""Types that the local stack leaves out on purpose, each with the reason."""


def entry_of(type: str) -> Entry:
    """Return the entry of a type. Raises ProviderError where there is none."""
    if type in REFUSED:
        raise ProviderError(REFUSED[type])
    if type not in ENTRIES:
        raise ProviderError("the local provider has no entry for this type; add one under toolkit/localcloud/provider")
    return ENTRIES[type]
