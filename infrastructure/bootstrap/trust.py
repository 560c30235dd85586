"""Which workflow runs may take which role: GitHub's tokens, pinned to repository, branch and environment.

A repository made or renamed after July 2026 writes its and its owner's numbers into the subject; older ones do not.
Both forms are accepted, and both only with the repository's number beside them, which no later owner of the name has.
"""

from dataclasses import dataclass

from infrastructure.bootstrap.account import ISSUER, Account
from infrastructure.bootstrap.documents import Document, document
from infrastructure.bootstrap.settings import RepositorySettings

AUDIENCE = "sts.amazonaws.com"


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a token says of the run: the end of its subject, its ref (* for any), the environment of the job if any."""

    context: str
    ref: str
    environment: str | None = None


def pull_request() -> Run:
    """A run for a pull request of the repository itself; GitHub gives none of its tokens to a fork's."""
    return Run(context="pull_request", ref="refs/pull/*/merge")


def on_branch(branch: str) -> Run:
    """A run on the branch, in no environment."""
    return Run(context=f"ref:refs/heads/{branch}", ref=f"refs/heads/{branch}")


def in_environment(environment: str, branch: str) -> Run:
    """A run on the branch, in an environment whose rules (reviewers, wait) it has passed."""
    return Run(context=f"environment:{environment}", ref=f"refs/heads/{branch}", environment=environment)


def in_review() -> Run:
    """A run for a pull request of the repository itself that a reviewer of the environment `review` has approved.

    GitHub evaluates the rules of an environment for such a run at `refs/pull/<number>/merge`:
    https://github.blog/changelog/2025-11-07-actions-pull_request_target-and-environment-branch-protections-changes
    """
    return Run(context="environment:review", ref="refs/pull/*/merge", environment="review")


def in_cleanup(branch: str) -> Run:
    """A run of the branch's own workflow that destroys reviews: no reviewer is asked, and no pull request gets here.

    A run for `pull_request_target` is one of the default branch since December 2025, by the same changelog.
    """
    return in_environment("review-cleanup", branch)


def subjects(repository: RepositorySettings, run: Run) -> list[str]:
    """The subject of the run's token in GitHub's classic and in its immutable form."""
    owner, name = repository.owner, repository.name
    return [
        f"repo:{owner}/{name}:{run.context}",
        f"repo:{owner}@{repository.owner_id}/{name}@{repository.id}:{run.context}",
    ]


def trust_policy(account: Account, repository: RepositorySettings, run: Run) -> Document:
    """The trust policy of a role that such a run may take."""
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
