"""The charges of each AWS service: one module for each, as in `toolkit.resource_types`."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from toolkit.cost.demand import Service

_MODULES = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
SERVICES: Mapping[str, Service] = {token: service for module in _MODULES for token, service in module.SERVICES.items()}
"""The metering function of each priced resource type."""
