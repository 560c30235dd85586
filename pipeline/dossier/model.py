"""What a dossier knows: the previews of all stacks, and what changes in the contract and in the package."""

from dataclasses import dataclass
from typing import Literal

from pipeline.deployment.dangers import Danger
from pipeline.dossier.contract import ContractReport
from pipeline.dossier.package_changes import PackageReport
from pipeline.preview.report import Cost, Preview

Kind = Literal["failed", "blocked", "danger", "changes", "unchanged"]
_WORST_FIRST: tuple[Kind, ...] = ("failed", "blocked", "danger", "changes", "unchanged")

_JUMP = 0.2
_WORTH_A_WORD = 5.0
"""A fifth more, and some dollars, is a jump."""


@dataclass(frozen=True)
class Verdict:
    """One stack in one line."""

    stack: str
    kind: Kind
    words: str


@dataclass(frozen=True)
class Dossier:
    """Everything about one commit against another."""

    project: str
    commit: str
    base: str
    stacks: tuple[Preview, ...]
    contract: ContractReport
    package: PackageReport

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Each stack's verdict."""
        return tuple(_verdict(stack) for stack in self.stacks)

    @property
    def worst(self) -> Kind:
        """The worst that is said of a stack; a contract that breaks is a danger."""
        kinds = [verdict.kind for verdict in self.verdicts]
        if self.contract.breaking:
            kinds.append("danger")
        return min(kinds, key=_WORST_FIRST.index, default="unchanged")

    @property
    def dangers(self) -> tuple[tuple[str, Danger], ...]:
        """What can lose data, with the stack."""
        return tuple((stack.stack, danger) for stack in self.stacks for danger in stack.dangers)


def _verdict(preview: Preview) -> Verdict:
    if preview.status == "failed":
        return Verdict(preview.stack, "failed", "the preview failed")
    blocks = sum(finding.blocks for finding in preview.policies)
    losing = len(preview.dangers)
    fresh = sum(finding.new and not finding.waiver and not finding.blocks for finding in preview.policies)
    told = [
        _count(blocks, "finding blocks it", "findings block it") if preview.status == "blocked" else "",
        _count(losing, "change endangers data", "changes endanger data") if losing else "",
        _count(fresh, "new warning", "new warnings") if fresh and preview.changes else "",
        _dearer(preview.cost),
    ]
    return Verdict(preview.stack, _kind(preview), "; ".join(filter(None, told)) or _calm(preview))


def _kind(preview: Preview) -> Kind:
    if preview.status == "blocked":
        return "blocked"
    if preview.dangers:
        return "danger"
    return "changes" if preview.changes or not _compared(preview) else "unchanged"


def _calm(preview: Preview) -> str:
    if preview.changes:
        return "ready"
    return "nothing changes" if _compared(preview) else "what changes is unknown"


def _compared(preview: Preview) -> bool:
    return preview.source == "engine" or bool(preview.base_graph)


def _dearer(cost: Cost | None) -> str:
    more = cost.expected_delta if cost else None
    if cost is None or more is None or more <= max(_JUMP * (cost.expected - more), _WORTH_A_WORD):
        return ""
    return f"dearer by {more:,.2f} USD a month"


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
