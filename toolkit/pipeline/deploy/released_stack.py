"""A deployed stack: its alias, its canary deployment and its address, and the move of callers to its new version."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.engine import EngineError
from toolkit.engine.process import Report
from toolkit.engine.runs import StackRun
from toolkit.pipeline.aws_client import account_client, require_account
from toolkit.pipeline.deploy.canary import CanaryDeployment, MovedCallers
from toolkit.pipeline.deploy.live_alias import LiveAlias
from toolkit.pipeline.deploy.version_history import History
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.settings import StackFile

REQUIRED_OUTPUTS = frozenset({"function_name", "function_alias", "function_version", "api_url"})


@dataclass(frozen=True)
class ReleasedStack:
    """A deployed stack with its alias, its deployment group and its outputs."""

    outputs: Mapping[str, Any]
    alias: LiveAlias
    canary: CanaryDeployment | None

    @property
    def url(self) -> str:
        """Return the address of the API."""
        return str(self.outputs["api_url"]).rstrip("/")

    @property
    def deployed(self) -> str:
        """Return the version that was deployed last."""
        return str(self.outputs["function_version"])

    @staticmethod
    def of(file: StackFile, outputs: Mapping[str, Any]) -> "ReleasedStack":
        """Return the stack by its file and its outputs. Raises RefusedError."""
        require_account(file)
        if missing := REQUIRED_OUTPUTS - outputs.keys():
            raise RefusedError(
                f"The outputs of {file.stack} lack {', '.join(sorted(missing))}: deploy the stack first."
            )
        alias = LiveAlias(account_client(file, "lambda"), outputs["function_name"], outputs["function_alias"])
        return ReleasedStack(outputs, alias, CanaryDeployment.of(account_client(file, "codedeploy"), outputs))


def version_now(file: StackFile, root: Path) -> str | None:
    """Return the version that callers reach; None where nothing was deployed yet. Raises RefusedError."""
    try:
        outputs = StackRun(file.stack, root).outputs()
    except EngineError:  # there is no such stack; the deployment reports it in detail
        return None
    return ReleasedStack.of(file, outputs).alias.routing().version if outputs.keys() >= REQUIRED_OUTPUTS else None


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
