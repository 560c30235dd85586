"""Environments of a repository on GitHub, as its REST API describes them."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Environment:
    """An environment, by default one that only main deploys to, without reviewers."""

    rules: list[dict[str, Any]] = field(default_factory=list)
    branches: list[str] | None = field(default_factory=lambda: ["main"])
    """None where every branch may deploy."""
    admins_bypass: bool = True

    def said(self, name: str) -> dict[str, Any]:
        """What GitHub says of it (docs.github.com/en/rest/deployments/environments#get-an-environment)."""
        policy = {"protected_branches": False, "custom_branch_policies": True}
        rules = [*self.rules, *([] if self.branches is None else [{"id": 2, "type": "branch_policy"}])]
        return {
            "id": 1,
            "name": name,
            "protection_rules": rules,
            "deployment_branch_policy": None if self.branches is None else policy,
            "can_admins_bypass": self.admins_bypass,
        }


def reviewers(*names: str) -> dict[str, Any]:
    """The rule of an environment that asks these people."""
    asked = [{"type": "User", "reviewer": {"login": name, "id": 1}} for name in names]
    return {"id": 3, "type": "required_reviewers", "prevent_self_review": True, "reviewers": asked}
