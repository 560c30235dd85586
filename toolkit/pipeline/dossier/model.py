"""The dossier: the previews of all stacks, and the changes of the contract, the package and the policies."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from toolkit.pipeline.deploy.data_loss import DataLoss
from toolkit.pipeline.dossier.openapi_changes import ContractReport
from toolkit.pipeline.dossier.package_changes import PackageReport
from toolkit.pipeline.dossier.policy_changes import GuardReport
from toolkit.pipeline.preview.model import SMALLEST_AMOUNT, Preview, ResourceChange

Kind = Literal["failed", "stops", "blocked", "data-loss", "review", "changes", "unchanged"]
Signal = Literal["STOP", "REVIEW", "READY"]
SIGNALS: dict[Kind, Signal] = {
    "failed": "STOP",
    "stops": "STOP",
    "blocked": "STOP",
    "data-loss": "REVIEW",
    "review": "REVIEW",
    "changes": "READY",
    "unchanged": "READY",
}
"""What a reviewer does by the kind of a change, the worst kind first."""


@dataclass(frozen=True)
class Dossier:
    """The differences between two commits."""

    project: str
    commit: str
    base: str
    stacks: tuple[Preview, ...]
    contract: ContractReport
    package: PackageReport
    guards: GuardReport = field(default_factory=GuardReport)
    removed_stacks: tuple[str, ...] = ()
    """The stacks with a file in the base only."""
    run: str = ""
    """The address of the GitHub run that built it; empty on a terminal."""

    @cached_property
    def data_losses(self) -> tuple[tuple[str, DataLoss], ...]:
        """Return the possible data losses with their stacks."""
        return tuple((stack.stack, loss) for stack in self.stacks for loss in stack.data_losses)

    @cached_property
    def stopped(self) -> tuple[tuple[str, ResourceChange], ...]:
        """Return the changes that the engine refuses, with their stacks."""
        return tuple((stack.stack, change) for stack in self.stacks for change in stack.changes if change.stops)


def is_unchanged(preview: Preview) -> bool:
    """Return whether nothing of the stack differs from the base: no resource, sum, permission or verdict."""
    return (
        preview.status == "ok"
        and is_compared(preview)
        and not (preview.changes or preview.notes or preview.permissions or preview.breaking or preview.resolved)
        and not any(finding.new for finding in preview.policies)
        and not moves_cost(preview)
    )


def is_compared(preview: Preview) -> bool:
    """Return whether there was something to compare the stack with."""
    return preview.source == "engine" or bool(preview.base_graph)


def moves_cost(preview: Preview) -> bool:
    """Return whether the expected or the worst month differs."""
    cost = preview.cost
    return cost is not None and (
        bool(cost.lines) or any(abs(delta or 0) >= SMALLEST_AMOUNT for delta in (cost.expected_delta, cost.worst_delta))
    )
