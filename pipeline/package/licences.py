"""Names what is shipped: each distribution with its version and its licence, as its own metadata states them."""

from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path


@dataclass(frozen=True)
class Distribution:
    """One package of the index, as shipped."""

    name: str
    version: str
    licence: str


def distributions(tree: Path) -> list[Distribution]:
    """Every distribution installed in `tree`, by name; before trimming, which removes the metadata."""
    found = []
    for metadata in tree.glob("*.dist-info/METADATA"):
        headers = HeaderParser().parsestr(metadata.read_text(encoding="utf-8"))
        found.append(Distribution(str(headers["Name"]), str(headers["Version"]), _licence(headers)))
    return sorted(found, key=lambda distribution: distribution.name.lower())


def _licence(headers: Message) -> str:
    """The SPDX expression where there is one, else the classifiers, else the first line of the free text."""
    if expression := headers["License-Expression"]:
        return str(expression)
    classifiers = [
        line.split(" :: ")[-1] for line in headers.get_all("Classifier", []) if line.startswith("License ::")
    ]
    free = str(headers["License"] or "").strip().splitlines()
    return " or ".join(classifiers) or (free[0] if free else "not stated")
