"""The data losses of an update."""

from collections.abc import Iterable, Iterator

from toolkit.engine.events import UpdateStep
from toolkit.pipeline.deploy.data_loss import GOING, DataLoss, data_losses_in, facts_of


def losses(steps: Iterable[UpdateStep]) -> tuple[DataLoss, ...]:
    """Return the data losses that stop an update, and further ones for the reviewer."""
    steps = tuple(steps)
    return (*data_losses_in(steps), *_missed(steps))


def _missed(steps: Iterable[UpdateStep]) -> Iterator[DataLoss]:
    for step in steps:
        missed = facts_of(step.type).missed
        if missed and step.operation in GOING and step.before:
            what = "is deleted" if step.operation == "delete" else "is replaced"
            yield DataLoss(step.urn, step.type, str(step.before.get("id") or ""), what, missed)
