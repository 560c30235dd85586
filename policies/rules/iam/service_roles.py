"""Rules on the roles that functions and other services run with."""

import re
from collections.abc import Callable, Iterator

from policies.rules.iam.roles import services_of, trust
from policies.service_actions import MANAGED_POLICIES, RUNTIME_ACTIONS
from toolkit.policy.iam.accounts import is_own
from toolkit.policy.iam.documents import Statement
from toolkit.policy.iam.role_policies import RolePolicies, arn_of, name_of, policies_of
from toolkit.policy.iam.service_principals import allowed_for
from toolkit.policy.rule import Levels, Severity, StackRule, controls
from toolkit.policy.stack import Stack
from toolkit.resource_types.cloudwatch import LOG_GROUP
from toolkit.resource_types.iam import ROLE
from toolkit.resource_types.s3 import BUCKET
from toolkit.stacks.inputs import Inputs, StackInputs, Violations, every

_OF_AWS = re.compile(r"arn:[^:]*:iam::aws:policy/(?:.*/)?([^/]+)")
_SEPARATOR = re.compile("[:/]")
_LOG_GROUP = re.compile(r"arn:[^:]*:logs:[^:*]+:(\d{12}):log-group:([^:*]+)(:.*)?")


def _services(role: Inputs) -> frozenset[str]:
    return frozenset(name for each in trust(role) if each.allows for name in services_of(each))


def _service_roles(graph: StackInputs) -> Iterator[tuple[Inputs, frozenset[str], RolePolicies]]:
    for role in graph.of(ROLE):
        if services := _services(role):
            yield role, services, policies_of(role, graph)


def _each_statement(graph: StackInputs, holds: Callable[[Statement, frozenset[str]], bool]) -> bool | Violations:
    """Check every Allow statement of every role that a service assumes, with the services."""
    services = {
        statement.part: services for _, services, found in _service_roles(graph) for statement in found.statements
    }
    return every(services, lambda part: not Statement(part).allows or holds(Statement(part), services[part]))


def _actions_listed(graph: StackInputs, _stack: Stack) -> bool | Violations:
    def listed(statement: Statement, services: frozenset[str]) -> bool:
        allowed = frozenset[str]().union(*(allowed_for(each, RUNTIME_ACTIONS) for each in services))
        return all(action.lower() in allowed for action in statement.actions)

    return _each_statement(graph, listed)


def _own_resources(graph: StackInputs, stack: Stack) -> bool | Violations:
    """Compare ARNs; a resource that is not created yet has none, and is known by the name that it will have."""
    arns = frozenset(filter(None, map(_arn, graph.resources)))
    groups = frozenset(filter(None, map(name_of, graph.of(LOG_GROUP))))
    planned = frozenset(filter(None, (name_of(each) for each in graph.resources if not _arn(each))))

    def own(resource: str, accounts: frozenset[str]) -> bool:
        group = _LOG_GROUP.fullmatch(resource)
        if group and group[2] in groups:
            return is_own(resource, accounts)
        if any(resource == arn or resource.startswith((f"{arn}:", f"{arn}/")) for arn in arns):
            return True
        return is_own(resource, accounts) and bool(planned & set(_SEPARATOR.split(resource)))

    def named(statement: Statement, _services: frozenset[str]) -> bool:
        accounts = stack.ownership.trusted_accounts(statement.part)
        # The resource * is what iam-no-wildcard-resource and iam-no-not-allow report.
        return all(resource == "*" or own(resource, accounts) for resource in statement.resources)

    return _each_statement(graph, named)


def _arn(inputs: Inputs) -> str:
    """Return the ARN, also of a bucket that has a name but does not exist yet."""
    bucket = inputs.properties.get("bucket") if inputs.resource.type == BUCKET else None
    return arn_of(inputs) or (f"arn:aws:s3:::{bucket}" if isinstance(bucket, str) else "")


def _listed(arn: str) -> bool:
    of_aws = _OF_AWS.fullmatch(arn)
    return of_aws is not None and of_aws[1] in MANAGED_POLICIES


def _policies_are_read(graph: StackInputs, _stack: Stack) -> bool | Violations:
    """Customer managed policies must be of this stack, for every role; AWS's must be listed, for service roles."""
    accepted: dict[Inputs, bool] = {}
    for role in graph.of(ROLE):
        of_service = bool(_services(role))
        for attachment, arn in policies_of(role, graph).elsewhere:
            holds = _listed(arn) if of_service else _OF_AWS.fullmatch(arn) is not None
            accepted[attachment] = accepted.get(attachment, True) and holds
    return every(accepted, lambda attachment: accepted[attachment])


service_role_actions = StackRule(
    name="service-role-actions",
    description="Service roles only use resources; they do not manage or delete them",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    controls=controls("NAG_SERVERLESS: LambdaStarPermissions"),
    message="a statement allows a call that a running service does not need, such as to delete a table, change a "
    "policy or assume a role; remove it, or add it to policies/service_actions.py",
    check=_actions_listed,
)

service_role_resources = StackRule(
    name="service-role-resources",
    description="Service roles have access only to resources of the same stack",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    controls=controls("NAG: IAM5"),
    message="a statement names a resource that is none of this stack, or a pattern that others match too; name the "
    "ARN of a resource of this stack",
    check=_own_resources,
)

role_policies_in_stack = StackRule(
    name="role-policies-in-stack",
    description="The policies of an IAM role are resources of the same stack",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    controls=controls("NAG: IAM4"),
    message="policyArn is a policy of another stack or account, or one of AWS that is not listed in "
    "policies/service_actions.py; write a policy of this stack",
    check=_policies_are_read,
)
