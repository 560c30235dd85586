"""Compare two evaluations of a stack: what an update would create, update, replace and delete."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pulumi

from toolkit.engine.events import UpdateStep as Step
from toolkit.pipeline.preview.model import Operation, Property, ResourceChange
from toolkit.resource_types.lookup import resource_type
from toolkit.resource_types.record import REPLACES_ANY_TYPE
from toolkit.stacks import Resource, ResourceGraph, Secret
from toolkit.stacks.errors import FileError
from toolkit.stacks.json_documents import parse_json
from toolkit.stacks.marks import secret_texts
from toolkit.stacks.urns import provider_urn

_LONGEST = 160
_LONG_LIST = 60
_SHORTEST_SECRET = 6
_REGION = "region"
_NAMES = ("routeKey", "Sid", "sid", "name", "attributeName", "scopeName", "key", "id")
_OF_THE_PACKAGE = {"sourceCodeHash"}
NO_PACKAGE = "0" * 12
_VERSION = "[the package's version]"


@dataclass(frozen=True)
class Side:
    """A graph, the folder of its files, the digest of its code, and the version that the program gives the package."""

    graph: ResourceGraph
    root: Path
    code: str = "code"
    version: str = NO_PACKAGE


def changes(before: Side, after: Side) -> tuple[ResourceChange, ...]:
    """Return the changes in the order of the program, deletions last; aliases keep the identity of a resource."""
    redactor = _redactor(before, after)
    changed: list[ResourceChange] = []
    for old, new in pairs(before, after):
        if old and new:
            changed += _change(old, new, before, after, redactor)
        elif new:
            changed.append(_of(new, "create"))
        elif old:
            changed.append(replace(_of(old, "delete"), protected=old.protect))
    return tuple(change for change in changed if not change.type.startswith("pulumi:pulumi:"))


def steps(before: Side, after: Side, changed: Iterable[ResourceChange]) -> Iterator[Step]:
    """Yield the step of every resource, in the engine's form."""
    by_urn = {change.urn: change for change in changed}
    for old, new in pairs(before, after):
        resource = new or old
        if resource is not None:
            change = by_urn.get(resource.urn)
            because = change.replaces_because if change else ()
            operation = change.operation if change else "same"
            yield Step(resource.urn, resource.type, resource.name, operation, because, (), _state(old), _state(new))


def _state(resource: Resource | None) -> dict[str, Any]:
    if resource is None:
        return {}
    known = {"id": resource.id, "parent": resource.parent, "protect": resource.protect, "custom": resource.custom}
    known["retainOnDelete"] = resource.retain_on_delete
    return {**known, "inputs": resource.inputs, "outputs": resource.outputs}


def pairs(before: Side, after: Side) -> Iterator[tuple[Resource | None, Resource | None]]:
    """Yield each resource before and after; None where it does not exist."""
    left = {resource.urn: resource for resource in before.graph.resources}
    for resource in after.graph.resources:
        yield _matching_before(left, resource), resource
    for resource in left.values():
        yield resource, None


def _matching_before(left: dict[str, Resource], resource: Resource) -> Resource | None:
    names = (resource.urn, *resource.aliases, *(_named(resource.urn, alias) for alias in resource.aliases))
    return next((left.pop(name) for name in names if name in left), None)


def _named(urn: str, name: str) -> str:
    return f"{urn.rpartition('::')[0]}::{name}"


def _of(resource: Resource, operation: Any) -> ResourceChange:
    return ResourceChange(resource.urn, resource.type, resource.name, operation)


def _change(old: Resource, new: Resource, before: Side, after: Side, redactor: "Redactor") -> list[ResourceChange]:
    was, now = _leaves(old, before), _leaves(new, after)
    if new.type.startswith("aws:"):
        was[_REGION], now[_REGION] = _region(old, before), _region(new, after)
    moved = [path for path in sorted(was.keys() | now.keys()) if was.get(path) != now.get(path)]
    if not moved:
        return []
    heads = [top_level(path) for path in moved]
    replacing = {*REPLACES_ANY_TYPE, *resource_type(new.type).replaced_by}
    because = tuple(dict.fromkeys(head for head in heads if head in replacing))
    properties = tuple(Property(path, *redactor.both(was.get(path), now.get(path))) for path in moved)
    operation: Operation = "replace" if because else "update"
    return [ResourceChange(new.urn, new.type, new.name, operation, because, properties, protected=old.protect)]


def _region(resource: Resource, side: Side) -> Any:
    """Return the region of a resource: its own, else its provider's. A change of it replaces the resource."""
    provider = provider_urn(resource.provider)
    given = side.graph[provider].inputs if provider in side.graph else {}
    return resource.inputs.get(_REGION) or given.get(_REGION)


def _leaves(resource: Resource, side: Side) -> dict[str, Any]:
    """Return the inputs by path, with the options protect and retainOnDelete."""
    if not resource.custom:
        return {}
    inputs = {name: value for name, value in resource.inputs.items() if name not in _OF_THE_PACKAGE}
    kept = {"protect": resource.protect, "retainOnDelete": resource.retain_on_delete}
    return dict(leaves({**inputs, **kept}, lambda value: _seen(value, side)))


def _seen(value: Any, side: Side) -> Any:
    """Return a value without the differences between two checkouts of the same program."""
    if isinstance(value, pulumi.Archive | pulumi.Asset):
        return side.code
    if isinstance(value, str):
        return value.replace(side.version, _VERSION).replace(str(side.root), ".")
    return value


def leaves(value: Any, seen: Callable[[Any], Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values by path, also those inside a JSON document; its formatting does not matter."""
    value = seen(value)
    inner = _document(value) if isinstance(value, str) else value
    if isinstance(inner, Mapping) and inner:
        for key, one in inner.items():
            yield from leaves(one, seen, f"{path}.{key}" if path else str(key))
    elif isinstance(inner, list | tuple) and any(isinstance(one, Mapping | list | tuple) for one in inner):
        for name, one in zip(_names_in(inner), inner, strict=True):
            yield from leaves(one, seen, f"{path}[{name}]")
    elif isinstance(inner, list | tuple):
        yield path, [seen(one) for one in inner]
    else:
        yield path, value


def top_level(path: str) -> str:
    """Return the first name in the path of a property."""
    return path.partition(".")[0].partition("[")[0]


def _names_in(blocks: list[Any] | tuple[Any, ...]) -> list[str]:
    """Return the names of a list's blocks, else their numbers: with names an added block moves no other path."""
    for key in _NAMES:
        names = [each.get(key) if isinstance(each, Mapping) else None for each in blocks]
        if all(isinstance(name, str) for name in names) and len(set(names)) == len(names):
            return [str(name) for name in names]
    return [str(number) for number in range(len(blocks))]


def _document(text: str) -> Any:
    """Return the content of a JSON document; None for another text."""
    if not text.startswith(("{", "[")):
        return None
    try:
        return parse_json(text, "a value")
    except FileError:
        return None


class Redactor:
    """Formats values and replaces the secrets in them."""

    def __init__(self, texts: set[str]) -> None:
        self._texts = sorted(texts, key=len, reverse=True)

    def both(self, before: Any, after: Any) -> tuple[str, str]:
        """Return both values; of long lists only the differences, and the number of equal elements."""
        was, now = self.shown(before), self.shown(after)
        if not (isinstance(before, list) and isinstance(after, list)) or max(len(was), len(now)) <= _LONG_LIST:
            return was, now
        alike = [one for one in after if one in before]
        kept: list[Any] = [f"{len(alike)} as before"] if alike else []
        old, new = ([one for one in side if one not in alike] for side in (before, after))
        return self.shown([*kept, *old]), self.shown([*kept, *new])

    def shown(self, value: Any) -> str:
        """Return the value as a short text; empty for an absent one."""
        if value is None:
            return ""
        text = ", ".join(map(_as_text, value)) if isinstance(value, list) else _as_text(value)
        for secret in self._texts:
            text = text.replace(secret, "[secret]")
        return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _as_text(value: Any) -> str:
    return str(value) if isinstance(value, str | Secret) else json.dumps(value, default=str)


def _redactor(*sides: Side) -> Redactor:
    texts = {
        text
        for side in sides
        for resource in side.graph.resources
        for text in secret_texts({"in": resource.inputs, "out": resource.outputs})
        if len(text) >= _SHORTEST_SECRET
    }
    return Redactor(texts)
