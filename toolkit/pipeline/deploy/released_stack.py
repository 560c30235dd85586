"""A deployed stack: its alias, its canary deployment and its address."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.pipeline.aws_client import Account
from toolkit.pipeline.deploy.canary import CanaryDeployment
from toolkit.pipeline.deploy.live_alias import LiveAlias
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.settings import StackFile

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
    def of(file: StackFile, outputs: Mapping[str, Any]) -> "ReleasedStack":
        """Return the stack by its file and its outputs. Raises RefusedError."""
        account = Account.of(file)
        if missing := NEEDED - outputs.keys():
            raise RefusedError(
                f"The outputs of {file.stack} lack {', '.join(sorted(missing))}: deploy the stack first."
            )
        alias = LiveAlias(account.client("lambda"), outputs["function_name"], outputs["function_alias"])
        return ReleasedStack(outputs, alias, CanaryDeployment.of(account.client("codedeploy"), outputs))
