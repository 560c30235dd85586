"""Pulumi's wire format, to and from plain values in which secrets stay marked."""

from collections.abc import Mapping
from typing import Any

import pulumi
from google.protobuf.struct_pb2 import Struct, Value  # type: ignore[import-untyped] # protobuf ships no types

from stackgraph.secret import Secret

# The engine protocol marks special values by these signatures.
KIND = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a signature of the protocol, not a password
_ASSET = "c44067f5952c0a294b673a41bacd8c17"
_ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7"
_RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"
UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


class UnknownValueError(Exception):
    """A property waits for an output that nobody gave."""


def decode(struct: Struct) -> dict[str, Any]:
    """The properties of a request; absent and null are the same, whole numbers are int.

    Raises UnknownValueError, naming the property, where a value is not known yet.
    """
    decoded = {}
    for key, value in sorted(struct.fields.items()):
        try:
            plain = _decode_value(value)
        except UnknownValueError as error:
            inner = str(error)
            raise UnknownValueError(f"{key}.{inner}" if inner else key) from None
        if plain is not None:
            decoded[key] = plain
    return decoded


def encode(properties: Mapping[str, Any]) -> Struct:
    """The properties of a response."""
    struct = Struct()
    struct.update({key: _encode_value(value) for key, value in properties.items()})
    return struct


def _decode_value(value: Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        if value.string_value == UNKNOWN_TEXT:
            raise UnknownValueError
        return value.string_value
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
    if kind == _RESOURCE:
        return special.get("id") or special["urn"]
    if kind == _ARCHIVE:
        return pulumi.FileArchive(special["path"]) if "path" in special else pulumi.AssetArchive(special["assets"])
    if kind == _ASSET:
        return pulumi.FileAsset(special["path"]) if "path" in special else pulumi.StringAsset(special["text"])
    raise ValueError(f"the program sent a value of the unknown kind {kind}")


def _encode_value(value: Any) -> Any:
    if isinstance(value, Secret):
        return {KIND: SECRET, "value": _encode_value(value.reveal())}
    if isinstance(value, Mapping):
        return {key: _encode_value(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_encode_value(inner) for inner in value]
    if isinstance(value, pulumi.FileArchive):
        return {KIND: _ARCHIVE, "path": value.path}
    if isinstance(value, pulumi.AssetArchive):
        return {KIND: _ARCHIVE, "assets": _encode_value(value.assets)}
    if isinstance(value, pulumi.FileAsset):
        return {KIND: _ASSET, "path": value.path}
    if isinstance(value, pulumi.StringAsset):
        return {KIND: _ASSET, "text": value.text}
    return value
