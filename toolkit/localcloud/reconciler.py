"""Applies the program to the embedded AWS: creates new resources, updates changed ones, deletes removed ones."""

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, Protocol, TypeVar

import pulumi
from google.protobuf.json_format import MessageToDict, ParseDict  # type: ignore[import-untyped] # protobuf ships no types
from google.protobuf.struct_pb2 import Struct  # type: ignore[import-untyped] # as above

from toolkit.localcloud.provider import ProviderError, ReplacementNeeded
from toolkit.resource_types.automatic_names import DEFAULT_NAMES, AutomaticNames
from toolkit.stacks import Created
from toolkit.stacks.provider import ResourceProvider
from toolkit.stacks.wire import decode, encode

Action = Literal["create", "update", "replace", "delete"]
Key = tuple[str, str]
Result = TypeVar("Result")
PROVIDER_TYPES = "pulumi:providers:"
"""The types of resources that exist in the provider's process only."""


@dataclass(frozen=True)
class Step:
    """One operation on one resource."""

    action: Action
    type: str
    name: str


@dataclass(frozen=True)
class DeployedResource:
    """A resource in the embedded AWS, with the inputs that it has."""

    inputs: Mapping[str, Any]
    created: Created


class Provider(ResourceProvider, Protocol):
    """A resource provider that also updates and deletes. Its errors are not caught."""

    def update(
        self, type: str, id: str, old_inputs: Mapping[str, Any], new_inputs: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Change the resource in place and return its outputs; ReplacementNeeded where AWS cannot."""
        ...

    def delete(self, type: str, id: str, outputs: Mapping[str, Any]) -> None:
        """Delete the resource."""
        ...


class Reconciler:
    """A resource provider for successive evaluations of one stack: it applies the changes since the last one.

    Type and logical name identify a resource. A program that uses the same ones twice is rejected.
    """

    def __init__(self, provider: Provider, report: Callable[[Step], None]) -> None:
        self._provider = provider
        self._report = report
        self._deployed: dict[Key, DeployedResource] = {}
        self._seen: set[Key] = set()
        self._replaced: list[tuple[Key, DeployedResource]] = []
        self._lock = threading.Lock()

    def record(self) -> str:
        """Return what is deployed as JSON, for `restore` in a later process. Provider resources are not part of it."""
        rows = [
            *(_row(key, deployed, replaced=False) for key, deployed in self._deployed.items()),
            *(_row(key, deployed, replaced=True) for key, deployed in self._replaced),
        ]
        return json.dumps([row for row in rows if not row["type"].startswith(PROVIDER_TYPES)])

    def restore(self, record: str) -> None:
        """Continue from a record."""
        for row in json.loads(record):
            key, created = (row["type"], row["name"]), Created(row["id"], _plain(row["outputs"]))
            deployed = DeployedResource(_plain(row["inputs"]), created)
            if row["replaced"]:
                self._replaced.append((key, deployed))
            else:
                self._deployed[key] = deployed

    def begin(self) -> None:
        """Start an evaluation: call it before each one."""
        self._seen.clear()

    def create(self, type: str, name: str, inputs: Mapping[str, Any], names: AutomaticNames = DEFAULT_NAMES) -> Created:
        """Create or change the resource so that it has these inputs."""
        key = (type, name)
        with self._lock:
            if key in self._seen:
                raise ProviderError(
                    f"{type} {name}: another component has a resource of this name; give it another name."
                )
            self._seen.add(key)
            old = self._deployed.get(key)
        if old and _comparable(old.inputs) == _comparable(inputs):
            return old.created
        created = self._change(key, old, inputs, names)
        with self._lock:
            self._deployed[key] = DeployedResource(inputs, created)
        return created

    def invoke(self, token: str, args: Mapping[str, Any]) -> Mapping[str, Any]:
        """Answer a function of the provider."""
        return self._provider.invoke(token, args)

    def finish(self) -> None:
        """Delete replaced and removed resources, newest first. Call it after a complete evaluation.

        The next call tries again what AWS did not delete.
        """
        age = {key: position for position, key in enumerate(self._deployed)}
        removed = [(key, deployed) for key, deployed in self._deployed.items() if key not in self._seen]
        for key, deployed in sorted([*self._replaced, *removed], key=lambda one: age[one[0]], reverse=True):
            self._reported("delete", key, partial(self._delete, key, deployed))
            if self._deployed[key] is deployed:
                del self._deployed[key]
            else:
                self._replaced.remove((key, deployed))

    def _change(
        self, key: Key, old: DeployedResource | None, inputs: Mapping[str, Any], names: AutomaticNames
    ) -> Created:
        type, name = key
        if old is None:
            return self._reported("create", key, lambda: self._provider.create(type, name, inputs, names))
        try:
            outputs = self._reported(
                "update", key, lambda: self._provider.update(type, old.created.id, old.inputs, inputs)
            )
            return Created(old.created.id, dict(outputs))
        except ReplacementNeeded as needed:
            first = needed.same_name or not names.of(type).random  # as the engine does
            return self._replace(key, old, inputs, names, first=first)
        except Exception:
            with suppress(Exception):  # AWS may have applied a part of the change before it rejected the rest
                self._provider.update(type, old.created.id, inputs, old.inputs)
            raise

    def _replace(
        self, key: Key, old: DeployedResource, inputs: Mapping[str, Any], names: AutomaticNames, *, first: bool
    ) -> Created:
        """Create a new one, and delete the old one at the end, or first where both cannot exist at once."""
        if first:
            self._delete(key, old)
            with self._lock:
                del self._deployed[key]
        created = self._reported("replace", key, lambda: self._provider.create(*key, inputs, names))
        if not first:
            with self._lock:
                self._replaced.append((key, old))
        return created

    def _delete(self, key: Key, deployed: DeployedResource) -> None:
        self._provider.delete(key[0], deployed.created.id, deployed.created.outputs)

    def _reported(self, action: Action, key: Key, work: Callable[[], Result]) -> Result:
        result = work()
        self._report(Step(action, *key))
        return result


def _row(key: Key, deployed: DeployedResource, *, replaced: bool) -> dict[str, Any]:
    return {
        "type": key[0],
        "name": key[1],
        "id": deployed.created.id,
        "inputs": MessageToDict(encode(deployed.inputs)),
        "outputs": MessageToDict(encode(deployed.created.outputs)),
        "replaced": replaced,
    }


def _plain(properties: Mapping[str, Any]) -> dict[str, Any]:
    return decode(ParseDict(properties, Struct()))


def _comparable(value: Any) -> Any:
    """Return a value that is equal for equal calls to AWS. An archive is its path: its digest is another input."""
    if isinstance(value, Mapping):
        return {key: _comparable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_comparable(inner) for inner in value]
    if isinstance(value, pulumi.FileArchive):
        return ("archive", value.path)
    return value
