"""Writes YAML that all readers read alike: YAML 1.1 and 1.2, PyYAML, and the Go package of the Pulumi engine."""

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from toolkit.stacks.yaml_documents import DEEPEST, MERGE, SURROGATE

_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./@-]*(?::[A-Za-z0-9_./@-]+)*")
_MISREAD = re.compile(r"y|n|yes|no|on|off|true|false|null", re.IGNORECASE)
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
    plain = _PLAIN.fullmatch(text) and not _MISREAD.fullmatch(text)
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else '"')


_Quoting.add_representer(str, _text_node)


def _require_plain(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise ValueError(f"it is nested deeper than {DEEPEST} levels")
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
