"""The protection of an environment on GitHub: required reviewers and deployment branches.

The fields are those of https://docs.github.com/en/rest/deployments/environments#get-an-environment, which a token
with `actions: read` may ask for.
"""

from typing import Any

from toolkit.pipeline.github.client import GitHub
from toolkit.pipeline.github.responses import Answer, Named


class _Rule(Answer):
    type: str
    reviewers: tuple[dict[str, Any], ...] = ()
    prevent_self_review: bool = False


class _Branches(Answer):
    custom_branch_policies: bool


class _Environment(Answer):
    protection_rules: tuple[_Rule, ...] = ()
    deployment_branch_policy: _Branches | None = None
    can_admins_bypass: bool = True


class DeploymentEnvironment:
    """Return an environment of a repository. Raises GitHubError: NotFoundError where there is none of this name."""

    def __init__(self, github: GitHub, name: str) -> None:
        self._github = github
        self._path = f"/environments/{name}"
        self._environment = github.get(self._path, _Environment)

    @property
    def asks_reviewers(self) -> bool:
        """Return whether a job waits there until a reviewer agrees."""
        return any(rule.type == "required_reviewers" and rule.reviewers for rule in self._environment.protection_rules)

    @property
    def prevents_self_review(self) -> bool:
        """Return whether the person who started the run may not approve it."""
        return any(rule.prevent_self_review for rule in self._environment.protection_rules)

    @property
    def admins_bypass(self) -> bool:
        """Return whether an administrator may bypass the approval."""
        return self._environment.can_admins_bypass

    def branches(self) -> list[str] | None:
        """Return the patterns of the branches that may deploy; None where every branch, or every protected one, may."""
        policy = self._environment.deployment_branch_policy
        if policy is None or not policy.custom_branch_policies:
            return None
        return [each.name for each in self._github.all(f"{self._path}/deployment-branch-policies", Named)]
