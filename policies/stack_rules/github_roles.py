"""Rules on which workflow runs may take the roles that change something."""

import re
from collections.abc import Callable, Iterator

from policies.rules.iam_oidc import claim, of_github, subjects
from policies.rules.iam_role import trust
from toolkit.policy.iam.documents import Statement
from toolkit.policy.iam.role_policies import RolePolicies, policies_of
from toolkit.policy.rule import BLOCKS, Severity, StackCheck, StackRule, controls
from toolkit.policy.stack import Stack
from toolkit.resource_types.iam import ROLE
from toolkit.stacks.facts import Facts, GraphFacts, every

_READING = re.compile(
    r"[a-z0-9-]+:(BatchGet|Describe|Get|Head|List|Lookup|Query|Scan|Search|Simulate|View)[a-z]*\*?|kms:Decrypt",
    re.IGNORECASE,
)
_READING_POLICIES = re.compile(r"arn:[^:]*:iam::aws:policy/(?:.*/)?(ReadOnlyAccess|SecurityAudit|ViewOnlyAccess)")
_ENVIRONMENT, _BRANCHES = "environment:", "refs/heads/"
_PULL_REQUESTS = "refs/pull/*/merge"


def _writes(found: RolePolicies) -> bool:
    """Whether the role's policies allow more than to read; unknown ones raise only where no known one does."""
    elsewhere = any(_READING_POLICIES.fullmatch(arn) is None for _, arn in found.elsewhere)
    reads = every(
        (each.part for each in found.statements),
        lambda part: not Statement(part).allows or all(map(_READING.fullmatch, Statement(part).actions)),
    )
    return elsewhere or reads is not True


def _writers(graph: GraphFacts) -> Iterator[Facts]:
    """The roles that GitHub's runs take and that change something."""
    for role in graph.of(ROLE):
        if any(map(of_github, trust(role))) and _writes(policies_of(role, graph)):
            yield role


def _of_writers(holds: Callable[[Statement, Facts, Stack], bool]) -> StackCheck:
    return lambda graph, stack: every(
        _writers(graph),
        lambda role: all(holds(each, role, stack) for each in trust(role) if of_github(each)),
    )


def _contexts(statement: Statement) -> tuple[str, ...]:
    return tuple(found["context"] for found in subjects(statement))


def _by_no_pull_request(statement: Statement, _role: Facts, _stack: Stack) -> bool:
    return "pull_request" not in _contexts(statement)


def _in_an_environment(statement: Statement, role: Facts, stack: Stack) -> bool:
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


def _on_the_branch(statement: Statement, _role: Facts, stack: Stack) -> bool:
    """The subject of a run in an environment says nothing of its branch: a pull request's job has the same one."""
    ownership = stack.ownership
    branch = f"{_BRANCHES}{ownership.branch}" if ownership.repository else _BRANCHES
    reviews = ownership.reviews and set(_contexts(statement)) == {f"{_ENVIRONMENT}review"}

    def accepted(ref: str) -> bool:
        on_branch = ref == branch if ownership.repository else ref.startswith(branch) and "*" not in ref
        return on_branch or (reviews and ref == _PULL_REQUESTS)

    return any(all(map(accepted, each.values)) for each in claim(statement, "ref"))


github_roles_reviewed = StackRule(
    name="github-roles-reviewed",
    says="A role that changes something is taken by runs of the branch in an environment, never by a pull request.",
    severity=Severity.CRITICAL,
    levels=BLOCKS,
    controls=controls("CHECKOV: CKV_AWS_358"),
    checks={
        "the role changes something and a pull request's token may take it; hold sub to the environment that deploys, "
        "or let the role only read": _of_writers(_by_no_pull_request),
        "the role changes something and its sub names no environment of the stack's settings; hold sub to "
        "repo:OWNER/NAME:environment:NAME": _of_writers(_in_an_environment),
        "the role changes something and the token's ref is not held to the branch that deploys, so a pull request's "
        "job in the environment may take it; add the claim ref": _of_writers(_on_the_branch),
    },
)

RULES = (github_roles_reviewed,)
