"""Conversion between Pulumi's and AWS's property names, from one table per type."""

import json
from collections.abc import Mapping
from typing import Any

from toolkit.localcloud.provider.errors import ProviderError

Fields = Mapping[str, Any]  # Pulumi's name -> AWS's name, or (AWS's name, Fields of the nested properties)


def to_aws(properties: Mapping[str, Any], fields: Fields, where: str = "") -> dict[str, Any]:
    """Return AWS's form of the properties in the table. Raises ProviderError for an unsupported nested property."""
    shaped: dict[str, Any] = {}
    for wire, target in fields.items():
        value = properties.get(wire)
        if value is None:
            continue
        if isinstance(target, tuple):
            shaped[target[0]] = _inside(value, target[1], f"{where}{wire}.")
        else:
            shaped[target] = value
    return shaped


def _inside(value: Any, fields: Fields, where: str) -> Any:
    if isinstance(value, list | tuple):
        return [_inside(each, fields, where) for each in value]
    unknown = sorted(name for name, inner in value.items() if name not in fields and inner is not None)
    if unknown:
        raise ProviderError(f"no support for {', '.join(where + name for name in unknown)}; known: {', '.join(fields)}")
    return to_aws(value, fields, where)


def from_aws(response: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
    """Return Pulumi's form of a response of AWS, for the names in the table."""
    shaped: dict[str, Any] = {}
    for wire, target in fields.items():
        name, inner = target if isinstance(target, tuple) else (target, None)
        value = response.get(name)
        if value is None:
            continue
        if inner is None:
            shaped[wire] = value
        elif isinstance(value, list):
            shaped[wire] = [from_aws(each, inner) for each in value]
        else:
            shaped[wire] = from_aws(value, inner)
    return shaped


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Return tags in the form of most requests."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def tag_map(listed: Any) -> dict[str, str]:
    """Return the tags of most responses as a map."""
    return {entry["Key"]: entry["Value"] for entry in listed or ()}


def document(policy: Any) -> str:
    """Return a policy document as JSON text; programs give text or data."""
    return policy if isinstance(policy, str) else json.dumps(policy)
