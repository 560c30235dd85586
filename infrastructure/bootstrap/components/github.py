"""GitHub as an OIDC provider, and the trust policies of roles for its tokens, limited to repository and environment.

The subject of a repository that was created or renamed after July 2026 has the ids of repository and owner. Both forms
are accepted, and only with the claim `repository_id`: a later owner of the name has another id.
"""

from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.bootstrap.account import ISSUER, Account
from infrastructure.bootstrap.settings import RepositorySettings
from infrastructure.policy_documents import Document, document

AUDIENCE = "sts.amazonaws.com"


@final
class GitHub(pulumi.ComponentResource):
    """The OIDC provider for workflow runs, which need no stored access keys.

    Creates: aws.iam.OpenIdConnectProvider.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:bootstrap:GitHub", name, None, opts)
        provider = aws.iam.OpenIdConnectProvider(
            f"{name}-provider",
            url=f"https://{ISSUER}",
            client_id_lists=[AUDIENCE],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = provider.arn
        self.register_outputs({"arn": self.arn})


@dataclass(frozen=True, kw_only=True)
class Run:
    """The claims of a run: the end of the subject, the ref (* for any), and the environment of the job, if any."""

    context: str
    ref: str
    environment: str | None = None


def pull_request() -> Run:
    """Return a run for a pull request of the repository; forks get no tokens."""
    return Run(context="pull_request", ref="refs/pull/*/merge")


def on_branch(branch: str) -> Run:
    """Return a run on the branch, without an environment."""
    return Run(context=f"ref:refs/heads/{branch}", ref=f"refs/heads/{branch}")


def in_environment(environment: str, branch: str) -> Run:
    """Return a run on the branch, in an environment with its protection rules."""
    return Run(context=f"environment:{environment}", ref=f"refs/heads/{branch}", environment=environment)


def in_review() -> Run:
    """Return a run for a pull request of the repository that a reviewer of the environment `review` approved.

    GitHub evaluates the rules of an environment for such a run at `refs/pull/<number>/merge`:
    https://github.blog/changelog/2025-11-07-actions-pull_request_target-and-environment-branch-protections-changes
    """
    return Run(context="environment:review", ref="refs/pull/*/merge", environment="review")


def in_cleanup(branch: str) -> Run:
    """Return a run of the branch's workflow that deletes review stacks, without a reviewer.

    A run for `pull_request_target` is one of the default branch since December 2025, by the same changelog.
    """
    return in_environment("review-cleanup", branch)


def subjects(repository: RepositorySettings, run: Run) -> list[str]:
    """Return the subject of the run's token in GitHub's classic and in its immutable form."""
    owner, name = repository.owner, repository.name
    return [
        f"repo:{owner}/{name}:{run.context}",
        f"repo:{owner}@{repository.owner_id}/{name}@{repository.id}:{run.context}",
    ]


def trust_policy(account: Account, repository: RepositorySettings, run: Run) -> Document:
    """Return the trust policy of a role that such a run can assume."""
    equals: dict[str, str | list[str]] = {
        "aud": AUDIENCE,
        "sub": subjects(repository, run),
        "repository_id": str(repository.id),
    }
    if run.environment:
        equals["environment"] = run.environment
    return document(
        {
            "Sid": "OneRepositorysRuns",
            "Effect": "Allow",
            "Principal": {"Federated": account.oidc_provider},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {f"{ISSUER}:{claim}": value for claim, value in equals.items()},
                "StringLike": {f"{ISSUER}:ref": run.ref},
            },
        }
    )
