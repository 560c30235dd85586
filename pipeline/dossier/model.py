"""What a dossier knows: the previews of all stacks, and what changes in the contract and in the package."""

from dataclasses import dataclass
from typing import Literal

from pipeline.deployment.dangers import Danger
from pipeline.dossier.contract import ContractReport
from pipeline.dossier.package_changes import PackageReport
from pipeline.preview.report import Preview

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
    words = [_count(blocks, "finding blocks it", "findings block it")] if preview.status == "blocked" else []
    words += [_count(losing, "change endangers data", "changes endanger data")] if losing else []
    if preview.status == "blocked":
        return Verdict(preview.stack, "blocked", "; ".join(words))
    if losing:
        return Verdict(preview.stack, "danger", "; ".join(words))
    fresh = sum(finding.new and not finding.waiver for finding in preview.policies)
    warned = f", with {_count(fresh, 'new warning', 'new warnings')}" if fresh and preview.changes else ""
    dearer = preview.cost.expected_delta if preview.cost else None
    if dearer and preview.cost and dearer > max(_JUMP * (preview.cost.expected - dearer), _WORTH_A_WORD):
        warned += f"; dearer by {dearer:,.2f} USD a month"
    if not preview.changes and not preview.base_graph:
        return Verdict(preview.stack, "changes", f"what changes is unknown{warned}")
    if preview.changes:
        return Verdict(preview.stack, "changes", f"ready{warned}")
    return Verdict(preview.stack, "unchanged", "nothing changes")


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
