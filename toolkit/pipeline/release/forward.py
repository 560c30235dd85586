"""A deployed version's way to its callers, and what they had before, written down."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from toolkit.engine.errors import EngineError
from toolkit.engine.runs import StackRun
from toolkit.pipeline.release.delivery import Delivered, Tell
from toolkit.pipeline.release.history import History
from toolkit.pipeline.release.stack import NEEDED, ReleasedStack


def version_now(stack: str, root: Path) -> str | None:
    """The version that callers have; None where nothing was deployed yet. Raises RefusedError."""
    try:
        outputs = StackRun(stack, root).outputs()
    except EngineError:  # there is no such stack, which whoever deploys it says better
        return None
    return ReleasedStack.of(stack, root, outputs).alias.pointing().version if outputs.keys() >= NEEDED else None


def deliver(stack: str, root: Path, outputs: Mapping[str, Any], before: str | None, tell: Tell) -> Delivered:
    """Bring callers from version `before` to the one that was deployed, and write that down.

    Where the stack delivers all at once the update has done so. Raises RefusedError where the version never becomes
    active, or the delivery went back.
    """
    released = ReleasedStack.of(stack, root, outputs)
    after = released.deployed
    released.alias.wait_until_active(after)
    if released.delivery is None:
        delivered = Delivered(before or after, after, None, 0.0)
    else:
        delivered = released.delivery.deliver(released.alias, after, tell)
    if delivered.before != delivered.after:
        History(root, stack).add("deployed", delivered.before, delivered.after)
    return delivered
