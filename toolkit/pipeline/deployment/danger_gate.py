"""Stops an update that could lose data, unless that was agreed to by name and there is a way back."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from toolkit.engine.events import Change
from toolkit.pipeline.deployment.dangers import LIFECYCLE, Danger, dangers_in
from toolkit.pipeline.deployment.restore_points import is_empty, missing_restore_point
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.settings import load_stack_file


def refuse_danger(steps: Iterable[Change], stack: str, root: Path, allowed: Collection[str]) -> None:
    """RefusedError that names each danger which was not agreed to, or from which there is no way back."""
    steps = tuple(steps)
    region = load_stack_file(stack, root).region
    dangers = list(_without_first_rules(dangers_in(steps), steps, region))
    if blocked := [danger for danger in dangers if danger.urn not in allowed]:
        agree = " ".join(f"--allow-danger '{urn}'" for urn in dict.fromkeys(danger.urn for danger in blocked))
        raise RefusedError(
            f"The update could lose data: {'; '.join(map(str, blocked))}. If that is wanted, make sure of a way back "
            f"and agree with {agree}"
        )
    if lacking := [why for danger in dangers if (why := missing_restore_point(danger, region))]:
        raise RefusedError(f"There is no way back from what was agreed to: {'; '.join(dict.fromkeys(lacking))}")


def _without_first_rules(found: Iterable[Danger], steps: Iterable[Change], region: str) -> Iterator[Danger]:
    """Leave out the first lifecycle rules of a bucket that is empty.

    A first deployment that was cancelled can leave a bucket without its rules; the next one creates them.
    """
    created = {step.urn for step in steps if step.operation == "create"}
    for danger in found:
        if not (danger.type == LIFECYCLE and danger.urn in created and is_empty(danger.id, region)):
            yield danger
