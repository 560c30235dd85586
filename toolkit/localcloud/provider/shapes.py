"""Conversion between the property names of Pulumi and AWS, by the shapes of botocore's service models."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from botocore import xform_name
from botocore.model import ListShape, MapShape, Shape, StructureShape

from toolkit.localcloud.provider.errors import ProviderError

Names = Mapping[str, str]  # AWS's name -> Pulumi's name, where the case is not the only difference
TAGS = {"Tags": "tagsAll", "tags": "tagsAll", "TagsList": "tagsAll", "TagList": "tagsAll", "UserPoolTags": "tagsAll"}


def pulumi_name(member: str, names: Names) -> str:
    """Return Pulumi's name of a member of a shape: `kmsMasterKeyId` for `KMSMasterKeyID`."""
    first, *others = xform_name(member).split("_")
    return names.get(member) or TAGS.get(member) or first + "".join(other.capitalize() for other in others)


def to_aws(value: Any, shape: Shape, names: Names, path: str = "") -> Any:
    """Return AWS's form of a value; `path` is empty for the properties of a resource.

    An operation takes a part of a resource's properties. Raises ProviderError for an unknown nested property.
    """
    if isinstance(value, Mapping):
        return _object_to_aws(value, shape, names, path)
    if isinstance(value, list | tuple) and isinstance(shape, StructureShape):
        return {"Quantity": len(value), "Items": to_aws(value, shape.members["Items"], names, path)}
    if isinstance(value, list | tuple) and isinstance(shape, ListShape):
        return [to_aws(each, shape.member, names, path) for each in value]
    return value


def _object_to_aws(value: Mapping[str, Any], shape: Shape, names: Names, path: str) -> Any:
    if isinstance(shape, MapShape):
        return {key: to_aws(inner, shape.value, names, f"{path}{key}.") for key, inner in value.items()}
    if not isinstance(shape, StructureShape):
        return as_shape(value, shape) if isinstance(shape, ListShape) else json.dumps(value)
    members = {pulumi_name(member, names): member for member in shape.members}
    given = {name: inner for name, inner in value.items() if inner is not None}
    unknown = sorted(given.keys() - members.keys()) if path else ()
    if unknown:
        raise ProviderError(f"no support for {', '.join(path + name for name in unknown)}; known: {', '.join(members)}")
    request = {}
    for name in given.keys() & members.keys():
        inner = shape.members[members[name]]
        if name != "tagsAll":
            request[members[name]] = to_aws(given[name], inner, names, f"{path}{name}.")
        elif path or given[name]:  # several operations reject empty tags
            request[members[name]] = as_shape(given[name], inner)
    return request


def as_shape(values: Mapping[str, str], shape: Shape) -> Any:
    """Return a map, such as tags, in the form of a shape: a map, a list of names and values, or a list of names."""
    if isinstance(shape, StructureShape):
        return {"Items": as_shape(values, shape.members["Items"])}
    if not isinstance(shape, ListShape):
        return dict(values)
    if not isinstance(shape.member, StructureShape):
        return sorted(values)
    name, value = shape.member.members
    return [{name: key, value: values[key]} for key in sorted(values)]


def from_aws(value: Any, shape: Shape, names: Names) -> Any:
    """Return Pulumi's form of a response or a part of it."""
    if isinstance(shape, StructureShape):
        if "Items" in shape.members and "Quantity" in shape.members:
            return from_aws(value.get("Items", []), shape.members["Items"], names)
        given = {pulumi_name(member, names): member for member in value if member in shape.members}
        return {
            name: as_map(value[member]) if name == "tagsAll" else from_aws(value[member], shape.members[member], names)
            for name, member in given.items()
            if value[member] is not None
        }
    if isinstance(shape, MapShape):
        return {key: from_aws(inner, shape.value, names) for key, inner in value.items()}
    if isinstance(shape, ListShape):
        return [from_aws(each, shape.member, names) for each in value]
    if isinstance(value, dict):  # a policy document of IAM, which botocore has parsed
        return json.dumps(value)
    return value.isoformat() if isinstance(value, datetime) else value


def as_map(listed: Any) -> dict[str, str]:
    """Return tags or dimensions of a response as a map."""
    if isinstance(listed, Mapping):
        return as_map(listed["Items"]) if "Items" in listed else dict(listed)
    return dict(each.values() for each in listed)


def document(policy: Any) -> str:
    """Return a policy document as JSON text; programs give text or data."""
    return policy if isinstance(policy, str) else json.dumps(policy)
