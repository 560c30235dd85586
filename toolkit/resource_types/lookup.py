"""Look up the record of a resource type.

Each module of this package that has TYPES is a part of the table, so a new file needs no registration.
"""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib import import_module
from pkgutil import iter_modules

import toolkit.resource_types as package
from toolkit.resource_types.free_families import FREE_FAMILIES, NOT_FREE
from toolkit.resource_types.record import ResourceType


@cache
def resource_types() -> Mapping[str, ResourceType]:
    """Return every record by its token, in alphabetical order."""
    names = sorted(module.name for module in iter_modules(package.__path__) if not module.ispkg)
    records = [record for name in names for record in getattr(import_module(f"{package.__name__}.{name}"), "TYPES", ())]
    return {record.token: record for record in sorted(records, key=lambda record: record.token)}


def resource_type(token: str) -> ResourceType:
    """Return the record of a type, without facts where there is none; S3's types of pulumi-aws 6 end in V2."""
    name = token.replace("V2", "") if token.startswith("aws:s3/") else token
    return resource_types().get(name) or ResourceType(name)


@cache
def free_types() -> Mapping[str, str]:
    """Return why a type is free, for each free type."""
    return {token: record.free for token, record in resource_types().items() if record.free}


@lru_cache(maxsize=1024)
def is_free(token: str) -> bool:
    """Return whether AWS is known to charge nothing for the type, by its record or its family."""
    if any(fnmatchcase(token, pattern) for pattern in NOT_FREE):
        return False
    return token in free_types() or any(fnmatchcase(token, pattern) for pattern in FREE_FAMILIES)
