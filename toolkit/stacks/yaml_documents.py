"""Reads YAML as the Pulumi engine does, and writes YAML that every reader reads alike; each error is one sentence."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import yaml

from toolkit.stacks.errors import FileError
from toolkit.stacks.files import read_text
from toolkit.stacks.yaml_scalars import ScalarError, engine_time, plain_value

LARGEST_FILE = 1024 * 1024
MAX_DEPTH = 50
MAX_VALUES = 100_000
"""Including the values that aliases repeat: a hundred lines of nested aliases can stand for a billion values."""
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one where it is built
_TAGS = {f"tag:yaml.org,2002:{name}": name for name in ("str", "int", "float", "bool", "null", "timestamp")}
_OF_TYPE: dict[str, Any] = {"int": int, "float": (int, float), "bool": bool, "null": type(None)}
MERGE = "<<"
SURROGATE = re.compile("[\ud800-\udfff]")


def read_yaml(path: Path, *, as_engine: bool = False) -> Any:
    """Return the document in the file. Raises FileError with the line."""
    return parse_yaml(read_text(path, largest=LARGEST_FILE), path.name, as_engine=as_engine)


def parse_yaml(text: str, name: str, *, as_engine: bool = False) -> Any:
    """Return the one document in a text: None, bool, int, float, str, lists and dicts with text as keys.

    Scalars mean what they mean to the engine; a date stays as it is written unless `as_engine` is set. Raises
    FileError for a tag, a key that is written twice or is not text, an alias of itself, a second document, and for
    more than the limits of this module.
    """
    if "\ufeff" in text:
        raise FileError(f"{name}: a byte order mark is inside the text; save the file as UTF-8 without one.")
    builder = _Builder(name, as_engine)
    try:
        for event in yaml.parse(text, Loader=_PARSER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise FileError(_sentence(name, error.problem_mark, error.problem or error.context or "is not YAML")) from None
    except yaml.YAMLError as error:
        raise FileError(_sentence(name, None, f"it is not YAML: {getattr(error, 'reason', error)}")) from None
    return builder.document


@dataclass
class _OpenCollection:
    """A list or mapping whose end is still to come."""

    value: Any
    anchor: str | None
    begins: int
    key: str | None = None
    is_keyed: bool = False
    merged: list[Any] = field(default_factory=list)


class _Builder:
    """Makes a document from the parser's events without recursion, so that no depth can exhaust the stack."""

    def __init__(self, name: str, as_engine: bool) -> None:
        self.document: Any = None
        self._name = name
        self._as_engine = as_engine
        self._open: list[_OpenCollection] = []
        self._anchored: dict[str, tuple[Any, int]] = {}
        self._values = 0
        self._documents = 0

    def take(self, event: Any) -> None:
        """Add the value of the event. Raises FileError."""
        if isinstance(event, yaml.DocumentStartEvent):
            self._begin_document(event)
        elif isinstance(event, yaml.ScalarEvent):
            self._count(event, 1)
            self._add(event, self._scalar(event), event.anchor, 1)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._count(event, 1)
            if len(self._open) >= MAX_DEPTH:
                self._refuse(event, f"it is nested deeper than {MAX_DEPTH} levels")
            if event.tag not in (None, "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"):
                self._refuse_tag(event)
            value: Any = [] if isinstance(event, yaml.SequenceStartEvent) else {}
            self._open.append(_OpenCollection(value, event.anchor, self._values))
        elif isinstance(event, yaml.CollectionEndEvent):
            done = self._open.pop()
            for merged in done.merged:
                done.value = {**merged, **done.value}
            self._add(event, done.value, done.anchor, self._values - done.begins + 1)

    def _begin_document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            self._refuse(event, "a second document begins; leave one in the file")
        if event.version not in (None, (1, 1)):
            self._refuse(event, "the engine reads no %YAML but 1.1; remove that line")

    def _alias(self, event: Any) -> None:
        if any(open_.anchor == event.anchor for open_ in self._open):
            self._refuse(event, f"the anchor {event.anchor!r} contains itself")
        if event.anchor not in self._anchored:
            self._refuse(event, f"the alias {event.anchor!r} has no anchor")
        value, size = self._anchored[event.anchor]
        self._count(event, size)
        self._add(event, value, None, size)

    def _add(self, event: Any, value: Any, anchor: str | None, size: int) -> None:
        if anchor:
            self._anchored[anchor] = (value, size)
        if not self._open:
            self.document = value
            return
        parent = self._open[-1]
        if isinstance(parent.value, list):
            parent.value.append(value)
        elif not parent.is_keyed:
            parent.key, parent.is_keyed = self._key(event, value), True
        else:
            parent.is_keyed = False
            self._set(event, parent, value)

    def _key(self, event: Any, value: Any) -> str:
        is_plain = isinstance(event, yaml.ScalarEvent) and event.implicit[0]
        if not isinstance(value, str) or (is_plain and engine_time(event.value)):
            written = getattr(event, "value", None)
            self._refuse(
                event, f"the key {written!r} must be text; put it in quotes" if written else "a key must be text"
            )
        if value == MERGE and not is_plain:
            self._refuse(event, "the key '<<' in quotes is read as a merge by the engine; give it another name")
        return value

    def _set(self, event: Any, parent: _OpenCollection, value: Any) -> None:
        if parent.key == MERGE:
            parts = value if isinstance(value, list) else [value]
            if parent.merged or not all(isinstance(part, dict) for part in parts):
                self._refuse(event, "<< takes one mapping or one list of mappings, once")
            parent.merged = parts
        elif parent.key in parent.value:
            self._refuse(event, f"the key {parent.key!r} is written twice")
        else:
            parent.value[parent.key] = value

    def _scalar(self, event: Any) -> Any:
        text, tag = event.value, event.tag
        if SURROGATE.search(text):
            self._refuse(event, "a text holds half of a surrogate pair, which is no character")
        if self._as_engine and text.startswith("\n"):
            self._refuse(event, "a text begins with an empty line, which the engine loses")
        if tag is None:
            try:
                return plain_value(text, as_engine=self._as_engine) if event.implicit[0] else text
            except ScalarError as error:
                self._refuse(event, f"{text!r} {error}")
        if tag not in _TAGS:
            self._refuse_tag(event)
        return self._tagged(event, _TAGS[tag])

    def _tagged(self, event: Any, kind: str) -> Any:
        text = event.value
        if kind == "str":
            return text
        if kind == "timestamp":
            if (time := engine_time(text)) is None:
                self._refuse(event, f"{text!r} is no timestamp")
            return time if self._as_engine else text
        try:
            value = plain_value(text, as_engine=False)
        except ScalarError as error:
            self._refuse(event, f"{text!r} {error}")
        if not isinstance(value, _OF_TYPE[kind]) or (isinstance(value, bool) and kind != "bool"):
            self._refuse(event, f"{text!r} is no {kind}")
        return value

    def _count(self, event: Any, values: int) -> None:
        self._values += values
        if self._values > MAX_VALUES:
            self._refuse(event, f"it holds more than {MAX_VALUES:,} values, those that aliases repeat included")

    def _refuse_tag(self, event: Any) -> NoReturn:
        self._refuse(event, f"the tag {event.tag!r} is not accepted; write the value without it")

    def _refuse(self, event: Any, problem: str) -> NoReturn:
        raise FileError(_sentence(self._name, event.start_mark, problem))


def _sentence(name: str, mark: Any, problem: str) -> str:
    line = f", line {mark.line + 1}" if mark else ""
    return " ".join(f"{name}{line}: {problem}.".split())


_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./@-]*(?::[A-Za-z0-9_./@-]+)*")
_AMBIGUOUS_SCALAR = re.compile(r"y|n|yes|no|on|off|true|false|null", re.IGNORECASE)
"""Words that YAML 1.1 or 1.2 takes for something else than text."""


def write_yaml(document: Any) -> str:
    """Return the YAML of plain data. Text that any reader could take for something else is in double quotes.

    Raises ValueError for what not every reader can hold: other types, keys that are not text or `<<`, numbers that
    are not finite or have more than 64 bits, lone surrogates, text that begins with an empty line.
    """
    _require_plain(document, 0)
    return yaml.dump(document, Dumper=_Quoting, sort_keys=False, width=2**31, allow_unicode=False)


class _Quoting(yaml.SafeDumper):
    """Quotes text that any of the readers would misread, not PyYAML alone."""

    def ignore_aliases(self, _data: Any) -> bool:
        """Write no anchors and aliases: repeat each value."""
        return True


def _text_node(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    plain = _PLAIN.fullmatch(text) and not _AMBIGUOUS_SCALAR.fullmatch(text)
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else '"')


_Quoting.add_representer(str, _text_node)


def _require_plain(value: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ValueError(f"it is nested deeper than {MAX_DEPTH} levels")
    for inner in _inside(value):
        _require_plain(inner, depth + 1)
    if isinstance(value, str) and SURROGATE.search(value):
        raise ValueError("a text holds half of a surrogate pair")
    if isinstance(value, str) and value.startswith("\n"):
        raise ValueError("a text begins with an empty line, which the engine loses")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise ValueError("a number has more than 64 bits")
    if not isinstance(value, str | int | float | list | dict | None):
        raise ValueError(f"{type(value).__name__} is no plain data")
    json.dumps(value if isinstance(value, float) else None, allow_nan=False)


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str) or key == MERGE:
                raise ValueError(f"{key!r} is no key that every reader takes for text")
            yield key
        yield from value.values()
    elif isinstance(value, list):
        yield from value
