"""A deployed stack: its alias, its canary deployment and its address."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.pipeline.aws_client import Account
from toolkit.pipeline.deploy.canary import CanaryDeployment
from toolkit.pipeline.deploy.live_alias import LiveAlias
from toolkit.pipeline.settings_and_outputs import outputs_of
from toolkit.stacks.errors import RefusedError

NEEDED = frozenset({"function_name", "function_alias", "function_version", "api_url"})


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
    def of(stack: str, root: Path, outputs: Mapping[str, Any] | None = None) -> "ReleasedStack":
        """Return the stack by its outputs, by default those of its state. Raises RefusedError."""
        account, found = Account.of(stack, root), outputs_of(stack, root) if outputs is None else outputs
        if missing := NEEDED - found.keys():
            raise RefusedError(f"The outputs of {stack} lack {', '.join(sorted(missing))}: deploy the stack first.")
        alias = LiveAlias(account.client("lambda"), found["function_name"], found["function_alias"])
        return ReleasedStack(found, alias, CanaryDeployment.of(account.client("codedeploy"), found))
