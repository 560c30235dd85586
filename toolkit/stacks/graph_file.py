"""Reads a stack from a file: what `pulumi stack export` writes, or `./stack preview --json`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from toolkit.stacks.errors import FileError, StackFileError
from toolkit.stacks.files import shown_path
from toolkit.stacks.graph import STACK_TYPE, ResourceGraph
from toolkit.stacks.json_documents import parse_json, read_json
from toolkit.stacks.marks import KIND, SECRET, UNKNOWN, UNKNOWN_TEXT, Secret, mapped
from toolkit.stacks.stack_files import stack_name
from toolkit.stacks.urns import Urn, name_in

_GRAPH = TypeAdapter(ResourceGraph)
_ACCEPTED = "write one with `pulumi stack export` or `./stack preview STACK --json`"


def read_graph(path: Path) -> ResourceGraph:
    """Return the stack in the file; encrypted secrets are marked and have no value.

    Raises StackFileError, one sentence, where the file is missing, damaged or of another kind.
    """
    try:
        document = read_json(path)
    except FileError as error:
        raise StackFileError(f"{str(error).removesuffix('.')}; {_ACCEPTED}.") from None
    try:
        found = _of_state(document) if "deployment" in document else mapped(document, _unknown_marked)
        graph = _GRAPH.validate_python(found)
        stack_name(graph.stack)
    except (KeyError, TypeError, AttributeError, ValueError, FileError):
        raise StackFileError(f"{shown_path(path)} holds no stack; {_ACCEPTED}.") from None
    return graph


def _of_state(document: Mapping[str, Any]) -> dict[str, Any]:
    written = document["deployment"].get("resources") or []
    resources = [_resource(entry) for entry in written if not entry.get("delete")]
    (stack,) = (one for one in resources if one["type"] == STACK_TYPE)
    urn = Urn.parse(stack["urn"])
    return {"project": urn.project, "stack": urn.stack, "resources": resources, "outputs": stack["outputs"]}


def _resource(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "urn": entry["urn"],
        "type": entry["type"],
        "name": name_in(entry["urn"]),
        "custom": entry["custom"],
        "id": entry.get("id", ""),
        "parent": entry.get("parent"),
        "inputs": _plain(entry.get("inputs") or {}),
        "outputs": _plain(entry.get("outputs") or {}),
        "protect": entry.get("protect", False),
        "retain_on_delete": entry.get("retainOnDelete", False),
        "ignore_changes": entry.get("ignoreChanges") or (),
        "depends_on": entry.get("dependencies") or (),
        "property_dependencies": {
            name: urns for name, urns in (entry.get("propertyDependencies") or {}).items() if urns
        },
        "provider": entry.get("provider") or None,
    }


def _plain(value: Any) -> Any:
    """Return the values of a state as of an evaluation: absent for null, secrets and unknown values marked."""
    if value == UNKNOWN_TEXT:
        return UNKNOWN
    if isinstance(value, Mapping):
        if value.get(KIND) == SECRET:
            return Secret(parse_json(value["plaintext"], "a secret") if "plaintext" in value else "[secret]")
        return {key: _plain(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value


def _unknown_marked(value: Any) -> Any:
    return UNKNOWN if value == UNKNOWN_TEXT else value
