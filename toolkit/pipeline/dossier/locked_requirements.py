"""Locked requirements as `uv pip compile` writes them: versions, and the parents of each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)")
_VIA = re.compile(r"^\s+#\s+(?:via\s+)?([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?( \(.+\))?$")


@dataclass(frozen=True)
class Pin:
    """One locked requirement; `parents` need it, and it is direct where the project itself does."""

    version: str
    parents: tuple[str, ...] = ()
    direct: bool = False


def pins_in(text: str) -> dict[str, Pin]:
    """Return the requirements of the file by lower-case name."""
    found: dict[str, Pin] = {}
    name = ""
    for line in text.splitlines():
        if pin := _PIN.match(line):
            name = pin[1].lower()
            found[name] = Pin(pin[2])
        elif name and (via := _VIA.match(line)) and via[1] != "via":
            known = found[name]
            parents = known.parents if via[2] else (*known.parents, via[1].lower())
            found[name] = Pin(known.version, parents, known.direct or bool(via[2]))
    return found


def needed_by(name: str, pins: Mapping[str, Pin]) -> tuple[str, ...]:
    """Return all transitive dependencies of a requirement."""
    found = {name}
    while more := {each for each, pin in pins.items() if each not in found and found & set(pin.parents)}:
        found |= more
    return tuple(sorted(found - {name}))
