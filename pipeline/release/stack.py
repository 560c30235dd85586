"""One deployed stack as a release sees it: its alias, its delivery, its address."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import RefusedError
from pipeline.release.account import Account
from pipeline.release.delivery import Delivery
from pipeline.release.live_alias import LiveAlias
from pipeline.stack_facts import outputs_of


@dataclass(frozen=True)
class ReleasedStack:
    """What can be moved of a stack, and where its callers find it."""

    outputs: Mapping[str, str]
    alias: LiveAlias
    delivery: Delivery | None

    @property
    def url(self) -> str:
        """The address of the API."""
        return self.outputs["api_url"].rstrip("/")

    @staticmethod
    def of(stack: str, root: Path) -> "ReleasedStack":
        """The stack as its state and its account have it. Raises RefusedError."""
        account, outputs = Account.of(stack, root), outputs_of(stack, root)
        missing = {"function_name", "function_alias", "function_version", "api_url"} - outputs.keys()
        if missing:
            raise RefusedError(f"The outputs of {stack} lack {', '.join(sorted(missing))}: deploy the stack first.")
        alias = LiveAlias(account.client("lambda"), outputs["function_name"], outputs["function_alias"])
        return ReleasedStack(outputs, alias, Delivery.of(account.client("codedeploy"), outputs))
