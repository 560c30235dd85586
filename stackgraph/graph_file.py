"""Reads a stack from a file: what `pulumi stack export` writes, or `make preview JSON=1`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stackgraph.errors import StackFileError
from stackgraph.graph import STACK_TYPE, Resource, ResourceGraph
from stackgraph.secret import Secret
from stackgraph.wire import KIND, SECRET

_ACCEPTED = "write one with `pulumi stack export` or `make preview STACK=... JSON=1`"


def read_graph(path: Path) -> ResourceGraph:
    """The resources of the stack in the file; secrets that only its key could decrypt are marked and say nothing.

    Raises StackFileError, one sentence, where the file is missing, damaged or something else.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StackFileError(f"{path} cannot be read: {error.strerror}; {_ACCEPTED}.") from None
    except ValueError:
        raise StackFileError(f"{path} is not JSON, or only a part of it; {_ACCEPTED}.") from None
    try:
        return _from_state(document) if "deployment" in document else _from_preview(document)
    except (KeyError, TypeError, AttributeError, ValueError):
        raise StackFileError(f"{path} holds no stack; {_ACCEPTED}.") from None


def _from_state(document: Mapping[str, Any]) -> ResourceGraph:
    written = document["deployment"].get("resources") or []
    resources = tuple(_resource(entry) for entry in written if not entry.get("delete"))
    (stack,) = (one for one in resources if one.type == STACK_TYPE)
    _, _, name, _, project, *_ = stack.urn.split(":")
    return ResourceGraph(project, name, resources, stack.outputs)


def _resource(entry: Mapping[str, Any]) -> Resource:
    return Resource(
        urn=entry["urn"],
        type=entry["type"],
        name=entry["urn"].rpartition("::")[2],
        custom=entry["custom"],
        id=entry.get("id", ""),
        parent=entry.get("parent"),
        inputs=_plain(entry.get("inputs") or {}),
        outputs=_plain(entry.get("outputs") or {}),
        protect=entry.get("protect", False),
        retain_on_delete=entry.get("retainOnDelete", False),
        ignore_changes=tuple(entry.get("ignoreChanges") or ()),
        depends_on=tuple(entry.get("dependencies") or ()),
        property_dependencies={
            name: tuple(urns) for name, urns in (entry.get("propertyDependencies") or {}).items() if urns
        },
        provider=entry.get("provider") or None,
    )


def _from_preview(document: Mapping[str, Any]) -> ResourceGraph:
    resources = tuple(
        Resource(
            **{
                **entry,
                **{name: tuple(entry[name]) for name in ("ignore_changes", "depends_on", "aliases")},
                "property_dependencies": {name: tuple(urns) for name, urns in entry["property_dependencies"].items()},
            }
        )
        for entry in document["resources"]
    )
    return ResourceGraph(document["project"], document["stack"], resources, document["outputs"])


def _plain(value: Any) -> Any:
    """The values of a state, as an evaluation gives them: absent for null, secrets marked."""
    if isinstance(value, Mapping):
        if value.get(KIND) == SECRET:
            return Secret(json.loads(value["plaintext"]) if "plaintext" in value else "[secret]")
        return {key: _plain(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value
