"""A point that a reviewer must check."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from toolkit.pipeline.dossier.model import Dossier, Kind
from toolkit.pipeline.dossier.texts import shared, some
from toolkit.pipeline.preview.model import PolicyFinding
from toolkit.stacks.urns import Urn

Subject = Literal[
    "failed",
    "stops",
    "blocked",
    "data",
    "api",
    "permissions",
    "cost",
    "policies",
    "unknown",
    "stacks",
    "warnings",
    "dependencies",
]
_KINDS: dict[Subject, Kind] = {"failed": "failed", "stops": "stops", "blocked": "blocked", "data": "data-loss"}


@dataclass(frozen=True)
class Point:
    """A point to check: in a few words for the first line, as a sentence, and with its stacks."""

    subject: Subject
    title: str
    text: str
    stacks: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """Return the severity."""
        return _KINDS.get(self.subject, "review")


def findings(dossier: Dossier, wanted: Callable[[PolicyFinding], bool]) -> list[tuple[PolicyFinding, tuple[str, ...]]]:
    """Return the selected findings, by rule, resource and message, each with its stacks; a URN is without its stack."""
    return shared(
        (replace(each, urn=Urn.parse(each.urn).qualified), stack.stack)
        for stack in dossier.stacks
        for each in stack.policies
        if wanted(each)
    )


def rule_and_name(entry: tuple[PolicyFinding, tuple[str, ...]]) -> str:
    """Return a finding of `findings` as its rule and its resource."""
    finding, _ = entry
    _, _, name = finding.urn.partition("::")
    return f"{finding.rule} ({name or finding.urn or 'the stack'})"


def stacks_of(entries: Iterable[tuple[object, tuple[str, ...]]]) -> tuple[str, ...]:
    """Return the stacks of some values."""
    return tuple(dict.fromkeys(name for _, names in entries for name in names))


def names_of(stacks: tuple[str, ...]) -> str:
    """Return a few names, and how many more there are."""
    return some(stacks, 4).replace("; ", ", ")
