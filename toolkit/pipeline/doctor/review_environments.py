"""Check the protection of the two environments of review stacks."""

from collections.abc import Iterator, Mapping

from toolkit.pipeline.doctor.model import CheckResult, missing, ok
from toolkit.pipeline.github.client import GitHub, NotFoundError
from toolkit.pipeline.github.environments import DeploymentEnvironment

APPROVED, CLEANUP = "review", "review-cleanup"
VARIABLES = ("STATE_REVIEW", "DEPLOY_ROLE_REVIEW", "DESTROY_ROLE_REVIEW")
_STEP = "see docs/pipeline.md, Stacks of pull requests"


def are_set_up(variables: Mapping[str, str]) -> bool:
    """Return whether the repository has a variable of reviews."""
    return any(variables.get(name) for name in VARIABLES)


def check_reviews(asked: GitHub, variables: Mapping[str, str]) -> Iterator[CheckResult]:
    """Yield the checks of both environments and of the variables. Raises GitHubError."""
    if not are_set_up(variables):
        yield ok("Reviews", "are not set up")
        return
    for name in VARIABLES:
        found = variables.get(name)
        yield ok(f"Variable {name}", found) if found else missing(f"Variable {name}", "is not set", _STEP)
    yield _approved(asked)
    yield _cleanup(asked)


def _approved(asked: GitHub) -> CheckResult:
    """Check the environment of reviews: any pull request can name it, so only its reviewers protect the role."""
    name = f"Environment {APPROVED}"
    try:
        found = DeploymentEnvironment(asked, APPROVED)
    except NotFoundError:
        return missing(name, "is missing, so the first job that names it creates it without reviewers", _STEP)
    if not found.asks_reviewers:
        return missing(name, "has no required reviewers, so every pull request takes the deploy role", _STEP)
    if not found.prevents_self_review:
        return missing(name, "lets a reviewer approve a run of their own", _STEP)
    if found.admins_bypass:
        return missing(name, "lets administrators bypass its reviewers", _STEP)
    return ok(name, "requires its reviewers before every deployment")


def _cleanup(asked: GitHub) -> CheckResult:
    name = f"Environment {CLEANUP}"
    try:
        found = DeploymentEnvironment(asked, CLEANUP)
    except NotFoundError:
        return missing(name, "is missing, so the first job that names it creates it for every branch", _STEP)
    if found.branches() != ["main"]:
        return missing(name, "allows other branches than main", _STEP)
    if found.asks_reviewers:
        return missing(name, "requires reviewers, so stacks remain until one approves", _STEP)
    return ok(name, "allows main only")
