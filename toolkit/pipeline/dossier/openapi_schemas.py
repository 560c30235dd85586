"""Find the changes of a JSON schema that break callers: stricter requests, and responses with less content."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Schema = Mapping[str, Any]
Direction = Literal["request", "response"]
_MOST = ("maxLength", "maximum", "exclusiveMaximum", "maxItems", "maxProperties")
_LEAST = ("minLength", "minimum", "exclusiveMinimum", "minItems", "minProperties")
_COUNTS = ("minLength", "minItems", "minProperties")
_OTHER_BOUNDS = (
    *("pattern", "format", "multipleOf", "uniqueItems"),
    *("propertyNames", "dependentRequired", "not", "if", "then", "else", "contains"),
)


@dataclass(frozen=True)
class Schemas:
    """Both documents, for the references, and whether the schema is of a request or a response."""

    old: Mapping[str, Any]
    new: Mapping[str, Any]
    direction: Direction
    _open: set[tuple[str, str]] = field(default_factory=set)
    """The pairs of references in comparison: a schema may be recursive."""

    def breaks(self, old: Any, new: Any, where: str = "the body") -> Iterator[str]:
        """Yield the breaking changes as text."""
        pair = (json.dumps(old, sort_keys=True), json.dumps(new, sort_keys=True))
        if pair in self._open:
            return
        self._open.add(pair)
        olds, news = list(_variants(old, self.old)), list(_variants(new, self.new))
        # A request that was valid must stay valid; a response must not have undocumented content.
        needing, offered = (olds, news) if self.direction == "request" else (news, olds)
        for need in needing:
            yield from self._unmet(need, offered, where)
        self._open.discard(pair)

    def _unmet(self, need: Schema, offered: list[Schema], where: str) -> Iterator[str]:
        alike = [other for other in offered if _fits_kind(need, other, self.direction)]
        if not alike:
            known = " or ".join(dict.fromkeys(_kind(other) for other in offered)) or "nothing"
            if self.direction == "request":
                yield f"{where} may no longer be {_kind(need)}: only {known}"
            else:
                yield f"{where} may now be {_kind(need)}: it was {known}"
            return
        differences = [list(self._inside(need, other, where)) for other in alike]
        yield from min(differences, key=len)

    def _inside(self, need: Schema, other: Schema, where: str) -> Iterator[str]:
        old, new = (need, other) if self.direction == "request" else (other, need)
        yield from self._values(old, new, where)
        if self.direction == "request":
            yield from _bounds(old, new, where)
        yield from self._fields(old, new, where)
        if "items" in old and "items" in new:
            yield from self.breaks(old["items"], new["items"], f"each of {where}")

    def _values(self, old: Schema, new: Schema, where: str) -> Iterator[str]:
        was, now = _enum(old), _enum(new)
        if self.direction == "request":
            if was is None and now is not None:
                yield f"{where} takes only {_listed(now)} now"
            elif was is not None and now is not None and (gone := [value for value in was if value not in now]):
                yield f"{where} no longer takes {_listed(gone)}"
        elif was is not None and now is None:
            yield f"{where} may be any value now; it was one of {_listed(was)}"
        elif was is not None and now is not None and (fresh := [value for value in now if value not in was]):
            yield f"{where} may be {_listed(fresh)} now, which callers do not know"

    def _fields(self, old: Schema, new: Schema, where: str) -> Iterator[str]:
        was, now = old.get("properties", {}), new.get("properties", {})
        for name in was:
            if name not in now:
                yield f'the field "{name}" of {where} is removed'
            else:
                yield from self.breaks(was[name], now[name], f'the field "{name}" of {where}')
        must, may = set(old.get("required", ())), set(new.get("required", ()))
        if self.direction == "request":
            for name in sorted(may - must):
                yield f'the field "{name}" of {where} is required now'
            if old.get("additionalProperties", True) is not False and new.get("additionalProperties", True) is False:
                yield f"{where} no longer accepts fields that it does not name"
        else:
            for name in sorted((must - may) & now.keys()):
                yield f'the field "{name}" of {where} may be left out now'


def _bounds(old: Schema, new: Schema, where: str) -> Iterator[str]:
    for name in _MOST:
        if name in new and (name not in old or new[name] < old[name]):
            yield f"{where} is bounded tighter: {name} {old.get(name, 'was not set')} → {new[name]}"
    for name in _LEAST:
        if name in new and new[name] > old.get(name, 0 if name in _COUNTS else -math.inf):
            yield f"{where} is bounded tighter: {name} {old.get(name, 'was not set')} → {new[name]}"
    for name in _OTHER_BOUNDS:
        if new.get(name) and new.get(name) != old.get(name):
            yield f"{where} is bounded tighter: {name} {old.get(name, 'was not set')} → {new[name]}"


def _variants(schema: Any, document: Mapping[str, Any]) -> Iterator[Schema]:
    """The alternatives of a schema, one type each."""
    schema = resolved(schema, document)
    for word in ("anyOf", "oneOf"):
        if word in schema:
            rest = {key: value for key, value in schema.items() if key != word}
            for branch in schema[word]:
                yield from _variants({**rest, **resolved(branch, document)}, document)
            return
    if "allOf" in schema:
        yield from _variants(_merged(schema, document), document)
        return
    kinds = schema.get("type")
    listed = list(kinds) if isinstance(kinds, list) else [kinds]
    if schema.get("nullable") is True:
        listed.append("null")
    for kind in listed:
        yield {**{key: value for key, value in schema.items() if key != "nullable"}, "type": kind}


def _merged(schema: Schema, document: Mapping[str, Any]) -> Schema:
    whole = {key: value for key, value in schema.items() if key != "allOf"}
    for part in (resolved(branch, document) for branch in schema["allOf"]):
        properties = {**whole.get("properties", {}), **part.get("properties", {})}
        required = [*whole.get("required", ()), *part.get("required", ())]
        whole = {**whole, **part, **({"properties": properties} if properties else {}), "required": required}
    return whole


def resolved(part: Any, document: Mapping[str, Any]) -> Schema:
    """Return the part itself, or the target of its reference."""
    seen: set[str] = set()
    while isinstance(part, Mapping) and isinstance(reference := part.get("$ref"), str):
        if reference in seen:
            return {}
        seen.add(reference)
        part = document
        for step in reference.removeprefix("#/").split("/"):
            name = step.replace("~1", "/").replace("~0", "~")
            part = part.get(name, {}) if isinstance(part, Mapping) else {}
    return part if isinstance(part, Mapping) else {}


def _fits_kind(need: Schema, other: Schema, direction: Direction) -> bool:
    """Return whether the required type is among the known ones; an integer is a number."""
    mine, its = need.get("type"), other.get("type")
    if its is None or mine == its or (mine, its) == ("integer", "number"):
        return True
    return mine is None and direction == "request" and "properties" in need and its == "object"


def _kind(schema: Schema) -> str:
    return str(schema.get("type") or "anything")


def _enum(schema: Schema) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    return list(schema["enum"]) if isinstance(schema.get("enum"), list) else None


def _listed(values: list[Any]) -> str:
    return ", ".join(map(str, values))
