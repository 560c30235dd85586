"""Move callers to the deployed version, and record the move."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from toolkit.engine import EngineError
from toolkit.engine.process import Report
from toolkit.engine.runs import StackRun
from toolkit.pipeline.deploy.canary import MovedCallers
from toolkit.pipeline.deploy.released_stack import NEEDED, ReleasedStack
from toolkit.pipeline.deploy.version_history import History
from toolkit.stacks.settings import StackFile


def version_now(file: StackFile, root: Path) -> str | None:
    """Return the version that callers reach; None where nothing was deployed yet. Raises RefusedError."""
    try:
        outputs = StackRun(file.stack, root).outputs()
    except EngineError:  # there is no such stack; the deployment reports it in detail
        return None
    return ReleasedStack.of(file, outputs).alias.pointing().version if outputs.keys() >= NEEDED else None


def move_callers(
    file: StackFile, root: Path, outputs: Mapping[str, Any], before: str | None, report: Report
) -> MovedCallers:
    """Move callers from version `before` to the deployed one, and record the move.

    In a stack that deploys all at once the update has moved them. Raises RefusedError where the version never becomes
    active, or the canary deployment went back.
    """
    released = ReleasedStack.of(file, outputs)
    after = released.deployed
    released.alias.wait_until_active(after)
    if released.canary is None:
        moved = MovedCallers(before or after, after, None, 0.0)
    else:
        moved = released.canary.move_callers(released.alias, after, report)
    if moved.before != moved.after:
        History(root, file.stack).add("deployed", moved.before, moved.after)
    return moved
