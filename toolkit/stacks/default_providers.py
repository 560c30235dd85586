"""The default providers of a stack: the engine makes one per package and version, from the stack's configuration.

It is named `default_7_51_1` after the version that the program's SDK asks for
(https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/providers/registry.go, read 2026-11-30).
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from toolkit.stacks.secret import Secret

PROVIDER_TYPE = "pulumi:providers:"
_ODD = re.compile(r"[^A-Za-z0-9]")


def package_of_type(type_: str) -> str:
    """Return the package of a type or a function, such as `aws` of `aws:s3/bucket:Bucket`."""
    return type_.partition(":")[0]


def default_provider_name(version: str) -> str:
    """Return the name that the engine gives to the default provider of this version."""
    return f"default_{_ODD.sub('_', version)}" if version else "default"


def default_provider_inputs(package: str, version: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the stack's configuration of a package's provider; nested values are JSON."""
    said = {
        key.removeprefix(f"{package}:"): _as_input(value)
        for key, value in config.items()
        if key.startswith(f"{package}:")
    }
    return {**said, "version": version} if version else said


def is_provider(type_: str) -> bool:
    """Return whether this is the type of a provider."""
    return type_.startswith(PROVIDER_TYPE)


def _as_input(value: Any) -> Any:
    if isinstance(value, Secret):
        return Secret(_as_input(value.reveal()))
    return value if isinstance(value, str) else json.dumps(value)
