"""Properties in the engine's wire format: unknown values of previews, and archives of which only the digest is sent."""

from collections.abc import Mapping
from typing import Any

import pulumi
from google.protobuf.struct_pb2 import Struct, Value  # type: ignore[import-untyped] # protobuf ships no types
from pulumi.runtime.rpc import UNKNOWN

from toolkit.stacks import Secret, reveal
from toolkit.stacks.marks import KIND, holds_secret
from toolkit.stacks.wire import decode, encode


def properties(struct: Struct) -> dict[str, Any]:
    """Return the properties as plain values: UNKNOWN for one with an unknown part, the digest for an elided archive.

    The engine leaves out the contents of archives where it compares or deletes.
    """
    known, special = Struct(), {}
    for key, value in struct.fields.items():
        if _holds_unknown(value):
            special[key] = UNKNOWN
        elif _is_elided(value):
            special[key] = value.struct_value.fields["hash"].string_value
        else:
            known.fields[key].CopyFrom(value)
    return {**decode(known), **special}


def without_unknowns(struct: Struct) -> dict[str, Any]:
    """Return the properties with an empty text in place of each unknown value."""
    known = Struct()
    known.CopyFrom(struct)
    for value in known.fields.values():
        _blank(value)
    return decode(known)


def encode_outputs(outputs: Mapping[str, Any], known: Struct) -> Struct:
    """Return the outputs in wire format. An unchanged one keeps its form; a changed one keeps its secrecy.

    An archive keeps its form, with its digest.
    """
    before = properties(known)
    plain = reveal(before)
    same = {
        key
        for key, value in outputs.items()
        if key in plain and (plain[key] == value or isinstance(value, pulumi.Archive))
    }
    result = encode(
        {
            key: Secret(value) if holds_secret(before.get(key)) else value
            for key, value in outputs.items()
            if key not in same
        }
    )
    for key in same:
        result.fields[key].CopyFrom(known.fields[key])
    return result


def _holds_unknown(value: Value) -> bool:
    kind = value.WhichOneof("kind")
    if kind == "list_value":
        return any(map(_holds_unknown, value.list_value.values))
    if kind == "struct_value":
        return any(map(_holds_unknown, value.struct_value.fields.values()))
    return bool(value.string_value == UNKNOWN)


def _blank(value: Value) -> None:
    kind = value.WhichOneof("kind")
    if kind == "list_value":
        for inner in value.list_value.values:
            _blank(inner)
    elif kind == "struct_value":
        for inner in value.struct_value.fields.values():
            _blank(inner)
    elif value.string_value == UNKNOWN:
        value.string_value = ""


def _is_elided(value: Value) -> bool:
    fields = value.struct_value.fields
    return set(fields) == {KIND, "hash"}
