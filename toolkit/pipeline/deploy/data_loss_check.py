"""Refuse an update that could lose data, unless the loss is accepted by URN and a backup exists."""

from collections.abc import Collection, Iterable, Iterator

from toolkit.engine.events import UpdateStep
from toolkit.pipeline.deploy.data_loss import DataLoss, data_losses_in
from toolkit.pipeline.deploy.restore_points import is_empty, missing_restore_point
from toolkit.resource_types.s3 import BUCKET_LIFECYCLE
from toolkit.stacks.errors import RefusedError


def refuse_data_loss(steps: Iterable[UpdateStep], region: str, allowed: Collection[str]) -> None:
    """Raise RefusedError for a data loss that is not accepted, or of which no backup exists."""
    steps = tuple(steps)
    data_losses = list(_without_first_rules(data_losses_in(steps), steps, region))
    if blocked := [loss for loss in data_losses if loss.urn not in allowed]:
        agree = " ".join(f"--allow-danger '{urn}'" for urn in dict.fromkeys(loss.urn for loss in blocked))
        raise RefusedError(
            f"The update could lose data: {'; '.join(map(str, blocked))}. If that is intended, make sure that "
            f"there is a backup, then accept it with {agree}"
        )
    if missing := [why for loss in data_losses if (why := missing_restore_point(loss, region))]:
        raise RefusedError(f"There is no backup of the accepted data loss: {'; '.join(dict.fromkeys(missing))}")


def _without_first_rules(found: Iterable[DataLoss], steps: Iterable[UpdateStep], region: str) -> Iterator[DataLoss]:
    """Leave out the first lifecycle rules of an empty bucket.

    A first deployment that was cancelled can leave a bucket without its rules; the next one creates them.
    """
    created = {step.urn for step in steps if step.operation == "create"}
    for loss in found:
        if not (loss.type == BUCKET_LIFECYCLE and loss.urn in created and is_empty(loss.id, region)):
            yield loss
