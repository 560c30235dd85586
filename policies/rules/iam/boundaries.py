"""Rules on permissions boundaries."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from policies.rules.iam.github import of_github
from policies.rules.iam.roles import trust
from policies.service_actions import BOUNDARY_ACTIONS
from toolkit.policy.iam.accounts import account_of, is_own
from toolkit.policy.iam.boundary_calls import (
    is_tagged_as_boundary,
    on_bootstrap,
    on_bootstrap_data,
    on_identities,
    on_roles,
    permitted_boundaries,
)
from toolkit.policy.iam.documents import Statement, statements
from toolkit.policy.iam.evaluation import Call, permits
from toolkit.policy.iam.role_policies import ATTACHMENTS, arn_of, policies_of
from toolkit.policy.rule import Level, Levels, Severity, StackRule, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.iam import POLICY, ROLE
from toolkit.stacks.inputs import Inputs, StackInputs, Violations, every
from toolkit.stacks.references import provider_region
from toolkit.stacks.urns import Urn

_PATH = "permissionsBoundary"
_EXCEPT_LOCAL = Levels(Level.MANDATORY, Level.MANDATORY, local=Level.DISABLED)
"""The embedded AWS has no bootstrap stack, which creates the boundary."""
_CONDITION = "iam:permissionsboundary"
_WORKLOAD_BOUNDARY = Path(__file__).resolve().parents[2] / "workload-boundary.json"


def workload_boundary_of(project: str) -> str:
    """The name of the boundary that an account's bootstrap stack creates for the roles of the project."""
    return f"{project}-bootstrap-workload"


def _for_github(role: Inputs) -> bool:
    return any(map(of_github, trust(role)))


def _boundary_policies(role: Inputs, graph: StackInputs) -> tuple[Inputs, ...]:
    """Return the policies of the stack that are the role's boundary: by dependency, or by ARN."""
    found = graph.behind(role, _PATH, POLICY)
    if found or not role.has(_PATH):
        return found
    return tuple(policy for policy in graph.of(POLICY) if arn_of(policy) == role.text(_PATH))


@for_each(ROLE)
def _has_workload_boundary(role: Inputs, graph: StackInputs, stack: Stack) -> bool:
    if not role.depends_on(_PATH) and not role.has(_PATH):
        return True  # the check before this one reports it
    if _boundary_policies(role, graph):
        return True
    arn = role.text(_PATH)
    project = Urn.parse(role.urn).project
    own = is_own(arn, stack.ownership.trusted_accounts(role)) and account_of(arn) != "aws"
    return own and arn.endswith(f":policy/{workload_boundary_of(project)}") and not _for_github(role)


def _boundaries(graph: StackInputs, *, of_pipeline: bool) -> Iterator[Inputs]:
    """Yield the policies that are boundaries: of the roles that GitHub assumes, or of the other roles."""
    of_github_roles = {
        policy.urn for role in graph.of(ROLE) if _for_github(role) for policy in _boundary_policies(role, graph)
    }
    used = {policy.urn for role in graph.of(ROLE) for policy in _boundary_policies(role, graph)}
    for policy in graph.of(POLICY):
        is_boundary = policy.urn in used or is_tagged_as_boundary(policy)
        if is_boundary and (policy.urn in of_github_roles) is of_pipeline:
            yield policy


def _account(inputs: Inputs, stack: Stack) -> str:
    return next(iter(sorted(stack.ownership.accounts(inputs))), "")


def _denies(
    calls: Callable[[StackInputs, Inputs, Stack], Iterable[Call]], *, of_pipeline: bool
) -> Callable[[StackInputs, Stack], bool | Violations]:
    def check(graph: StackInputs, stack: Stack) -> bool | Violations:
        def refuses(policy: Inputs) -> bool:
            found = statements(policy, "policy")
            return not any(permits(found, call) for call in calls(graph, policy, stack))

        return every(_boundaries(graph, of_pipeline=of_pipeline), refuses)

    return check


def _identity_calls(_graph: StackInputs, policy: Inputs, stack: Stack) -> Iterable[Call]:
    return on_identities(_account(policy, stack))


def _role_calls(graph: StackInputs, policy: Inputs, stack: Stack) -> Iterable[Call]:
    """Return the calls without a boundary, with an unknown one, and with each that only a condition names."""
    account = _account(policy, stack)
    named = {
        value
        for statement in statements(policy, "policy")
        for condition in statement.conditions
        if condition.key == _CONDITION
        for value in condition.values
    }
    return on_roles(account, sorted(named - {*permitted_boundaries(graph, account)}))


def _bootstrap_calls(graph: StackInputs, policy: Inputs, stack: Stack) -> Iterable[Call]:
    account = _account(policy, stack)
    boundary = f"arn:aws:iam::{account}:policy/{_runtime_name(graph)}"
    return on_bootstrap(graph, account, boundary)


def _runtime_name(graph: StackInputs) -> str:
    return next((policy.text("name") for policy in _boundaries(graph, of_pipeline=False)), "x")


def _data_calls(graph: StackInputs, policy: Inputs, stack: Stack) -> Iterable[Call]:
    """Return calls for a bootstrap stack only, which has roles for GitHub; roles of other stacks use their buckets."""
    bootstrap = any(map(_for_github, graph.of(ROLE)))
    return on_bootstrap_data(graph, _account(policy, stack)) if bootstrap else ()


def _allows_listed_actions_only(graph: StackInputs, _stack: Stack) -> bool | Violations:
    def listed(policy: Inputs) -> bool:
        allowed = (each for each in statements(policy, "policy") if each.allows)
        return all(_actions_are_listed(each) for each in allowed)

    return every(_boundaries(graph, of_pipeline=False), listed)


def _actions_are_listed(statement: Statement) -> bool:
    return all(action.lower() in BOUNDARY_ACTIONS for action in statement.actions)


def _has_name_of_project(graph: StackInputs, _stack: Stack) -> bool | Violations:
    """Check the name, which service stacks use without a reference to this stack."""

    def named(policy: Inputs) -> bool:
        project = Urn.parse(policy.urn).project
        return policy.text("name") == workload_boundary_of(project.removesuffix("-bootstrap"))

    bootstrap = any(map(_for_github, graph.of(ROLE)))
    return every(_boundaries(graph, of_pipeline=False) if bootstrap else (), named)


iam_role_boundary = StackRule(
    name="iam-role-boundary",
    description="IAM roles have the permissions boundary of the account's bootstrap stack",
    severity=Severity.HIGH,
    levels=_EXCEPT_LOCAL,
    checks={
        "permissionsBoundary is absent, so only the role's own policies limit it; set permissions-boundary in the "
        "stack's settings to PROJECT-bootstrap-workload": for_each(ROLE)(
            lambda role, *_: bool(role.depends_on(_PATH)) or role.has(_PATH)
        ),
        "permissionsBoundary is neither a policy of this stack nor PROJECT-bootstrap-workload of the stack's account; "
        "set permissions-boundary in the stack's settings": _has_workload_boundary,
        "the name of the boundary of a pipeline's roles is not PROJECT-bootstrap-workload, which the stacks of the "
        "project use; rename it": _has_name_of_project,
    },
)

iam_boundary_refuses = StackRule(
    name="iam-boundary-refuses",
    description="Permissions boundaries deny changes to boundaries, identities and the bootstrap stack",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    checks={
        "the boundary of a pipeline's roles permits changes to identities or policies, or the removal of a "
        "boundary; deny it without a condition": _denies(_identity_calls, of_pipeline=True),
        "the boundary of a pipeline's roles permits to create or change a role without the boundary of this stack; "
        "deny it where iam:PermissionsBoundary is another": _denies(_role_calls, of_pipeline=True),
        "the boundary of a pipeline's roles permits changes to resources of this stack, or to read its trail;"
        " deny it": _denies(_bootstrap_calls, of_pipeline=True),
        "the boundary of runtime roles allows more than the use of resources; allow the calls that "
        "policies/service_actions.py lists": _allows_listed_actions_only,
        "the boundary of runtime roles permits to read a bucket or to use a key of this stack; deny it": _denies(
            _data_calls, of_pipeline=False
        ),
    },
)


def _is_not_attached(graph: StackInputs, _stack: Stack) -> bool | Violations:
    boundaries = {policy.urn for policy in graph.of(POLICY) if is_tagged_as_boundary(policy)}
    return every(graph.of(*ATTACHMENTS), lambda each: not boundaries & set(each.depends_on("policyArn")))


iam_boundary_grants_nothing = StackRule(
    name="iam-boundary-grants-nothing",
    description="Permissions boundaries are not attached as policies",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    message="a policy with the tag use=boundary is attached; attach another, and use this one as permissionsBoundary",
    check=_is_not_attached,
)


@cache
def _workload_document() -> str:
    """Return the boundary of the bootstrap program, which `./stack generate` writes."""
    return _WORKLOAD_BOUNDARY.read_text(encoding="utf-8")


def _boundary_statements(role: Inputs, graph: StackInputs) -> tuple[Statement, ...] | None:
    """Return the statements of a role's boundary; None where it has none, or one that another rule rejects."""
    found = _boundary_policies(role, graph)
    if found:
        return tuple(each for policy in found for each in statements(policy, "policy"))
    arn = role.text(_PATH)
    if not arn.endswith(f":policy/{workload_boundary_of(Urn.parse(role.urn).project)}"):
        return None
    values = {"${account}": account_of(arn), "${region}": provider_region(role)}
    document = _workload_document()
    for placeholder, value in values.items():
        document = document.replace(placeholder, value)
    return statements(replace(role, properties={"policy": document}), "policy")


def _context(statement: Statement) -> dict[str, str]:
    """Return the keys for which a statement requires one value."""
    return {
        each.key: each.values[0]
        for each in statement.conditions
        if each.operator == "stringequals" and len(each.values) == 1
    }


def _beyond(statement: Statement, boundary: tuple[Statement, ...]) -> Iterator[Inputs]:
    """Yield the actions of a statement that the boundary denies on one of its resources."""
    context = _context(statement)
    for action in statement.part.entries("Action"):  # another rule rejects NotAction
        calls = (Call(action.text(""), resource, context, is_partial=True) for resource in statement.resources)
        if not all(permits(boundary, call) for call in calls):
            yield action


def _within_boundary(graph: StackInputs, _stack: Stack) -> bool | Violations:
    beyond: list[Inputs] = []
    for role in graph.of(ROLE):
        boundary = _boundary_statements(role, graph) if role.depends_on(_PATH) or role.has(_PATH) else None
        if boundary is not None:
            granted = (each for each in policies_of(role, graph).statements if each.allows)
            beyond += [part for each in granted for part in _beyond(each, boundary)]
    return every(beyond, lambda _: False)


iam_role_within_boundary = StackRule(
    name="iam-role-within-boundary",
    description="The permissions boundary of an IAM role allows each action of the role's policies",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    message="the role's permissions boundary does not allow this action on its resource, so AWS denies the call; "
    "add it to workload_boundary in infrastructure/bootstrap, or remove it",
    check=_within_boundary,
)
