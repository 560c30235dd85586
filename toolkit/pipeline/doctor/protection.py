"""Check the protection on GitHub: the rules of main, and the environments of review stacks.

The rules must be at least those of `.github/ruleset.json`, without bypass actors. The fields are those of
https://docs.github.com/en/rest/repos/rules: "Get rules for a branch" returns the active rules of the repository and of
its organization, "Get a repository ruleset" returns who bypasses one.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from toolkit.pipeline.doctor.model import CheckResult, missing, ok
from toolkit.pipeline.github.client import GitHub, NotFoundError
from toolkit.pipeline.github.environments import DeploymentEnvironment
from toolkit.pipeline.github.responses import Answer

APPROVED, CLEANUP = "review", "review-cleanup"
VARIABLES = ("STATE_REVIEW", "DEPLOY_ROLE_REVIEW", "DESTROY_ROLE_REVIEW")
_STEP = "see docs/pipeline.md, Stacks of pull requests"
RULESET = ".github/ruleset.json"
NAME = "Branch rules of main"


class _Rule(Answer):
    type: str
    ruleset_id: int = 0
    parameters: dict[str, Any] = Field(default_factory=dict)


class _Ruleset(Answer):
    rules: tuple[_Rule, ...] = ()
    bypass_actors: list[dict[str, Any]] | None = None


def check_branch_rules(client: GitHub, root: Path) -> Iterator[CheckResult]:
    """Yield one check: which rules of the file are not active, or that a ruleset has bypass actors."""
    try:
        wanted = _Ruleset.model_validate_json((root / RULESET).read_bytes()).rules
    except (OSError, ValidationError):
        yield missing(NAME, f"{RULESET} cannot be read as a ruleset", f"restore {RULESET}")
        return
    fix = f"gh api -X POST repos/{client.repository}/rulesets --input {RULESET}, or change the existing ruleset"
    active = list(client.all("/rules/branches/main", _Rule))
    listed = sorted({rule.ruleset_id for rule in active})
    sets = {id: client.get(f"/rulesets/{id}", _Ruleset) for id in listed}
    lacks = [text for rule in wanted for text in _lacks(rule, [each for each in active if each.type == rule.type])]
    if lacks:
        yield missing(NAME, f"lack {', '.join(lacks)}", fix)
    elif hidden := [id for id in listed if sets[id].bypass_actors is None]:
        yield missing(NAME, f"ruleset {hidden[0]} does not show its bypass actors", "use the token of an admin")
    elif bypassed := [id for id in listed if sets[id].bypass_actors]:
        yield missing(NAME, f"ruleset {bypassed[0]} has bypass actors", "remove them: Settings, Rules, Bypass list")
    else:
        yield ok(NAME, f"are those of {RULESET}, without bypass")


def _lacks(wanted: _Rule, active: Sequence[_Rule]) -> Iterator[str]:
    """Yield what no active rule of this type demands; of several rules GitHub applies the strictest."""
    if not active:
        yield wanted.type
        return
    for name, value in wanted.parameters.items():
        found = [rule.parameters.get(name) for rule in active]
        if isinstance(value, bool):
            if value and True not in found:
                yield name
        elif isinstance(value, int):
            if max((each for each in found if isinstance(each, int)), default=0) < value:
                yield f"{name} {value}"
        else:
            there = [each for several in found if isinstance(several, list) for each in several]
            for each in value:
                same = [one for one in there if one.get("context") == each["context"]]
                if not same:
                    yield f"the check {each['context']}"
                elif each.get("integration_id") not in (None, *(one.get("integration_id") for one in same)):
                    # Without a source, each account with write access may set a commit status of this name.
                    yield f"the source of the check {each['context']} (integration_id {each['integration_id']})"


def are_set_up(variables: Mapping[str, str]) -> bool:
    """Return whether the repository has a variable of reviews."""
    return any(variables.get(name) for name in VARIABLES)


def check_reviews(client: GitHub, variables: Mapping[str, str]) -> Iterator[CheckResult]:
    """Yield the checks of both environments and of the variables. Raises GitHubError."""
    if not are_set_up(variables):
        yield ok("Reviews", "are not set up")
        return
    for name in VARIABLES:
        found = variables.get(name)
        yield ok(f"Variable {name}", found) if found else missing(f"Variable {name}", "is not set", _STEP)
    yield _approved(client)
    yield _cleanup(client)


def _approved(client: GitHub) -> CheckResult:
    """Check the environment of reviews: any pull request can name it, so only its reviewers protect the role."""
    name = f"Environment {APPROVED}"
    try:
        found = DeploymentEnvironment(client, APPROVED)
    except NotFoundError:
        return missing(name, "is missing, so the first job that names it creates it without reviewers", _STEP)
    if not found.asks_reviewers:
        return missing(name, "has no required reviewers, so every pull request takes the deploy role", _STEP)
    if not found.prevents_self_review:
        return missing(name, "lets a reviewer approve a run of their own", _STEP)
    if found.admins_bypass:
        return missing(name, "lets administrators bypass its reviewers", _STEP)
    return ok(name, "requires its reviewers before every deployment")


def _cleanup(client: GitHub) -> CheckResult:
    name = f"Environment {CLEANUP}"
    try:
        found = DeploymentEnvironment(client, CLEANUP)
    except NotFoundError:
        return missing(name, "is missing, so the first job that names it creates it for every branch", _STEP)
    if found.branches() != ["main"]:
        return missing(name, "allows other branches than main", _STEP)
    if found.asks_reviewers:
        return missing(name, "requires reviewers, so stacks remain until one approves", _STEP)
    return ok(name, "allows main only")
