"""The parts of a URN, and of a reference to a provider.

`urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>`, with a `$` after each parent type. A name may hold `::`.
https://www.pulumi.com/docs/iac/concepts/resources/names/#urns
"""

from dataclasses import dataclass

_PREFIX = "urn:pulumi:"


@dataclass(frozen=True)
class Urn:
    """A URN in its parts. What a text does not have is empty; a text without `::` is a name."""

    stack: str
    project: str
    parent_types: tuple[str, ...]
    type: str
    name: str

    @staticmethod
    def parse(text: str) -> "Urn":
        """Return the parts of a URN, or of any other text."""
        parts = text.removeprefix(_PREFIX).split("::", 3)
        if len(parts) < 3:
            return Urn("", "", (), "", parts[-1])
        *parents, type_ = parts[2].split("$")
        return Urn(parts[0], parts[1], tuple(parents), type_, parts[3] if len(parts) > 3 else "")

    def __str__(self) -> str:
        return f"{_PREFIX}{self.stack}::{self.project}::{self.qualified}"

    @property
    def qualified_type(self) -> str:
        """The types of the parents and of the resource, as the URN has them."""
        return "$".join((*self.parent_types, self.type))

    @property
    def qualified(self) -> str:
        """The URN without stack and project; a text that is no URN as its name."""
        return f"{self.qualified_type}::{self.name}" if self.type else self.name


def name_in(urn: str) -> str:
    """Return the logical name in a URN."""
    return Urn.parse(urn).name


def provider_urn(reference: str | None) -> str:
    """Return the URN in a reference to a provider, `<urn>::<id>`; empty where there is no reference."""
    return (reference or "").rpartition("::")[0]
