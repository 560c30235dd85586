"""Pulumi's wire format, to and from plain values in which secrets stay marked."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
from google.protobuf.struct_pb2 import Struct, Value  # type: ignore[import-untyped] # protobuf ships no types

from toolkit.stacks.marks import (
    ARCHIVE,
    ASSET,
    KIND,
    OUTPUT,
    PLACEHOLDER,
    RESOURCE,
    SECRET,
    UNKNOWN,
    UNKNOWN_TEXT,
    Secret,
)


def decode(struct: Struct) -> dict[str, Any]:
    """Return the properties of a request: null is absent, whole numbers are int, unknown values are marked."""
    decoded = {key: _decode_value(value) for key, value in sorted(struct.fields.items())}
    return {key: value for key, value in decoded.items() if value is not None}


def encode(properties: Mapping[str, Any]) -> Struct:
    """Return the properties of a response."""
    struct = Struct()
    struct.update({key: _encode_value(value) for key, value in properties.items()})
    return struct


def _decode_value(value: Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        text = value.string_value
        return UNKNOWN if text == UNKNOWN_TEXT or PLACEHOLDER in text else text
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return [_decode_value(inner) for inner in value.list_value.values]
    if kind == "struct_value":
        return _decode_struct(value.struct_value)
    return None


def _decode_struct(struct: Struct) -> Any:
    if KIND not in struct.fields:
        return decode(struct)
    kind = struct.fields[KIND].string_value
    special = {key: _decode_value(value) for key, value in struct.fields.items() if key != KIND}
    if kind == SECRET:
        return Secret(special.get("value"))
    if kind == OUTPUT:
        plain = special.get("value", UNKNOWN)
        return Secret(plain) if special.get("secret") else plain
    if kind == RESOURCE:
        return special["urn"] if special.get("id") is None else special["id"] or UNKNOWN
    if UNKNOWN in special.values():
        return UNKNOWN
    if kind == ARCHIVE:
        return _archive(special)
    if kind == ASSET:
        return _asset(special)
    raise ValueError(f"the program sent a value of the unknown kind {kind}")


def _archive(special: Mapping[str, Any]) -> pulumi.Archive:
    if "path" in special:
        return pulumi.FileArchive(_absolute(special["path"]))
    if "uri" in special:
        return pulumi.RemoteArchive(special["uri"])
    return pulumi.AssetArchive(special["assets"])


def _asset(special: Mapping[str, Any]) -> pulumi.Asset:
    if "path" in special:
        return pulumi.FileAsset(_absolute(special["path"]))
    return pulumi.RemoteAsset(special["uri"]) if "uri" in special else pulumi.StringAsset(special.get("text", ""))


def _absolute(path: Any) -> Any:
    """Return a path for the engine: relative to the program's folder, the program's working directory."""
    return str(Path.cwd() / path) if isinstance(path, str) else path


def _encode_value(value: Any) -> Any:
    if value is UNKNOWN:
        return UNKNOWN_TEXT
    if isinstance(value, Secret):
        return {KIND: SECRET, "value": _encode_value(value.reveal())}
    if isinstance(value, Mapping):
        return {key: _encode_value(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_encode_value(inner) for inner in value]
    if isinstance(value, pulumi.FileArchive):
        return {KIND: ARCHIVE, "path": value.path}
    if isinstance(value, pulumi.AssetArchive):
        return {KIND: ARCHIVE, "assets": _encode_value(value.assets)}
    if isinstance(value, pulumi.FileAsset):
        return {KIND: ASSET, "path": value.path}
    if isinstance(value, pulumi.StringAsset):
        return {KIND: ASSET, "text": value.text}
    if isinstance(value, pulumi.RemoteAsset | pulumi.RemoteArchive):
        return {KIND: ASSET if isinstance(value, pulumi.RemoteAsset) else ARCHIVE, "uri": value.uri}
    return value
