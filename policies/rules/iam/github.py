"""Rules on roles that GitHub Actions assumes by OIDC."""

import re
from collections.abc import Callable, Iterator

from policies.rules.iam.roles import trust
from toolkit.policy.iam.conditions import Condition
from toolkit.policy.iam.documents import Statement, every_statement
from toolkit.policy.iam.role_policies import RolePolicies, policies_of
from toolkit.policy.rule import Levels, ResourceCheck, ResourceRule, Severity, StackCheck, StackRule, controls
from toolkit.policy.stack import Stack
from toolkit.resource_types.iam import OIDC_PROVIDER, ROLE
from toolkit.stacks.inputs import Inputs, StackInputs, Violations, every

ISSUER = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"

SUBJECT = re.compile(
    r"repo:(?P<owner>[\w.-]+)(@(?P<owner_id>\d+))?/(?P<name>[\w.-]+)(@(?P<id>\d+))?:"
    r"(?P<context>pull_request|environment:[^*?:]+|ref:refs/heads/[^*?:]+|ref:refs/tags/[^*?:]+\*?)"
)
"""One repository, by name or by name and id, and its environment, branch, tags or pull request."""
_COGNITO = "cognito-identity.amazonaws.com"


def of_github(statement: Statement) -> bool:
    """Return whether the statement admits workflow runs of GitHub."""
    return statement.allows and any(
        kind == "Federated" and name.endswith(f"oidc-provider/{ISSUER}") for kind, name in statement.principals
    )


def claim(statement: Statement, name: str) -> tuple[Condition, ...]:
    """Return the conditions that limit a claim of the token to values."""
    return statement.restrictions(f"{ISSUER}:{name}")


def _names_audience(statement: Statement) -> bool:
    return any(condition.values == (AUDIENCE,) for condition in claim(statement, "aud"))


def subjects(statement: Statement) -> tuple[re.Match[str], ...]:
    """Return the subjects to which a condition limits the token; none if one of them is wider than a repository."""
    for condition in claim(statement, "sub"):
        found = tuple(filter(None, map(SUBJECT.fullmatch, condition.values)))
        if len(found) == len(condition.values):
            return found
    return ()


def _of_repository(statement: Statement, stack: Stack) -> bool:
    """Compare with the settings; without a repository there, all subjects must be of the same one."""
    found, stated = subjects(statement), stack.ownership.repository
    if stated is None:
        return len({(one["owner"], one["name"]) for one in found}) <= 1
    ids = [value for condition in claim(statement, "repository_id") for value in condition.values]
    owners = [value for condition in claim(statement, "repository_owner_id") for value in condition.values]
    return (
        {(one["owner"].lower(), one["name"].lower()) for one in found} <= {(stated.owner.lower(), stated.name.lower())}
        and {one["id"] for one in found} <= {None, str(stated.id)}
        and {one["owner_id"] for one in found} <= {None, str(stated.owner_id)}
        and {*ids} <= {str(stated.id)}
        and {*owners} <= {str(stated.owner_id)}
    )


def _checks_repository_id(statement: Statement) -> bool:
    numbered = claim(statement, "repository_id") or claim(statement, "repository_owner_id")
    return bool(numbered) or any(
        all("@" in value for value in condition.values) for condition in claim(statement, "sub")
    )


def _known_issuer(statement: Statement) -> bool:
    """Accept GitHub, SAML of the account, and Cognito if its aud names an identity pool."""

    def known(name: str) -> bool:
        saml = ":saml-provider/" in name
        return saml or name.endswith(f"oidc-provider/{ISSUER}") or (name == _COGNITO and bool(pools))

    pools = statement.restrictions(f"{_COGNITO}:aud")
    return not statement.allows or all(known(name) for kind, name in statement.principals if kind == "Federated")


def _of_github_runs(holds: Callable[[Statement], bool]) -> ResourceCheck:
    return lambda role, _: every_statement(trust(role), lambda each: not of_github(each) or holds(each))


def _of_the_repository(role: Inputs, stack: Stack) -> bool | Violations:
    return every_statement(trust(role), lambda each: not of_github(each) or _of_repository(each, stack))


iam_oidc_trust = ResourceRule(
    name="iam-oidc-trust",
    description="Trust policies for GitHub are limited to a repository and an environment, branch or pull request",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    controls=controls("CHECKOV: CKV_AWS_358, CKV_AWS_393"),
    types=(ROLE,),
    checks={
        f"a statement for GitHub does not limit the token's aud to {AUDIENCE}; add StringEquals for it": (
            _of_github_runs(_names_audience)
        ),
        "a statement for GitHub does not limit the token's sub to repo:OWNER/NAME and what runs; name the environment, "
        "the branch or pull_request, without a wildcard, ForAllValues or IfExists": _of_github_runs(
            lambda each: bool(subjects(each))
        ),
        "a statement for GitHub names another repository than the stack's settings, by sub, repository_id or "
        "repository_owner_id; name the repository that deploys": _of_the_repository,
        f"a statement trusts another identity provider than {ISSUER}; remove it, or accept the issuer in "
        "policies/rules/iam/github.py": lambda role, _: every_statement(trust(role), _known_issuer),
    },
)

iam_oidc_trust_numbered = ResourceRule(
    name="iam-oidc-trust-numbered",
    description="Trust policies for GitHub check the repository's ID",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(ROLE,),
    message="a statement for GitHub checks the repository by name only; add the token's repository_id",
    check=_of_github_runs(_checks_repository_id),
)

iam_oidc_provider_audience = ResourceRule(
    name="iam-oidc-provider-audience",
    description="The OIDC provider for GitHub has the audience sts.amazonaws.com only",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    types=(OIDC_PROVIDER,),
    message=f"clientIdLists is not {AUDIENCE} alone; remove the others",
    check=lambda provider, _: (
        provider.text("url").removeprefix("https://") != ISSUER or provider.texts("clientIdLists") == (AUDIENCE,)
    ),
)

_READING = re.compile(
    r"[a-z0-9-]+:(BatchGet|Describe|Get|Head|List|Lookup|Query|Scan|Search|Simulate|View)[a-z]*\*?|kms:Decrypt",
    re.IGNORECASE,
)
_READING_POLICIES = re.compile(r"arn:[^:]*:iam::aws:policy/(?:.*/)?(ReadOnlyAccess|SecurityAudit|ViewOnlyAccess)")
_ENVIRONMENT, _BRANCHES = "environment:", "refs/heads/"
_PULL_REQUESTS = "refs/pull/*/merge"


def _writes(found: RolePolicies) -> bool:
    """Return whether the role's policies allow more than to read; unknown ones raise only where no known one does."""
    elsewhere = any(_READING_POLICIES.fullmatch(arn) is None for _, arn in found.elsewhere)
    reads = every(
        (each.part for each in found.statements),
        lambda part: not Statement(part).allows or all(map(_READING.fullmatch, Statement(part).actions)),
    )
    return elsewhere or reads is not True


def _writers(graph: StackInputs) -> Iterator[Inputs]:
    """Yield the roles that GitHub assumes and that can change resources."""
    for role in graph.of(ROLE):
        if any(map(of_github, trust(role))) and _writes(policies_of(role, graph)):
            yield role


def _of_writers(holds: Callable[[Statement, Inputs, Stack], bool]) -> StackCheck:
    return lambda graph, stack: every(
        _writers(graph),
        lambda role: all(holds(each, role, stack) for each in trust(role) if of_github(each)),
    )


def _contexts(statement: Statement) -> tuple[str, ...]:
    return tuple(found["context"] for found in subjects(statement))


def _excludes_pull_requests(statement: Statement, _role: Inputs, _stack: Stack) -> bool:
    return "pull_request" not in _contexts(statement)


def _in_an_environment(statement: Statement, role: Inputs, stack: Stack) -> bool:
    """An environment of the settings, or the one that the role is named for; a role of one stack is for no other.

    A pull request's own subject is what the check before this one reports.
    """
    name, stacks = role.resource.name.removesuffix("-role"), stack.ownership.stacks
    own = {each for each in stacks if name.endswith(f"-{each}")}

    def accepted(environment: str) -> bool:
        if environment in stacks and own:
            return environment in own
        known = stack.ownership.environments
        return not known or environment in known or name.endswith(f"-{environment}")

    others = [each for each in _contexts(statement) if each != "pull_request"]
    return all(each.startswith(_ENVIRONMENT) and accepted(each.removeprefix(_ENVIRONMENT)) for each in others)


def _on_the_branch(statement: Statement, _role: Inputs, stack: Stack) -> bool:
    """The subject of a run in an environment does not contain the branch: a pull request's job has the same one."""
    ownership = stack.ownership
    branch = f"{_BRANCHES}{ownership.branch}" if ownership.repository else _BRANCHES
    reviews = ownership.reviews and set(_contexts(statement)) == {f"{_ENVIRONMENT}review"}

    def accepted(ref: str) -> bool:
        on_branch = ref == branch if ownership.repository else ref.startswith(branch) and "*" not in ref
        return on_branch or (reviews and ref == _PULL_REQUESTS)

    return any(all(map(accepted, each.values)) for each in claim(statement, "ref"))


github_roles_reviewed = StackRule(
    name="github-roles-reviewed",
    description="GitHub roles that change resources require an environment and the deployment branch",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    controls=controls("CHECKOV: CKV_AWS_358"),
    checks={
        "the role can change resources, and a token of a pull request may assume it; limit sub to the deployment "
        "environment, or allow only reading": _of_writers(_excludes_pull_requests),
        "the role can change resources, and its sub names no environment of the stack's settings; limit sub to "
        "repo:OWNER/NAME:environment:NAME": _of_writers(_in_an_environment),
        "the role can change resources, and ref is not limited to the deployment branch, so a job of a pull request "
        "may assume it; add the claim ref": _of_writers(_on_the_branch),
    },
)
