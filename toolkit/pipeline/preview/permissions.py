"""Compare the permissions in the roles and the resource policies of two evaluations."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.pipeline.preview.exposure import exposures, loosened_routes
from toolkit.pipeline.preview.logical_names import LogicalNames
from toolkit.pipeline.preview.model import BOUNDED, Grant, GrantMove
from toolkit.policy.iam.documents import Statement, statements
from toolkit.resource_types.iam import POLICY, ROLE, ROLE_ATTACHMENT, ROLE_POLICY
from toolkit.stacks import ResourceGraph
from toolkit.stacks.inputs import Inputs, MalformedPropertyError, StackInputs, UnknownPropertyError, inputs_of

HOLDERS = (ROLE, "aws:iam/user:User", "aws:iam/group:Group")
INLINES = (ROLE_POLICY, "aws:iam/userPolicy:UserPolicy", "aws:iam/groupPolicy:GroupPolicy")
ATTACHMENTS = (
    ROLE_ATTACHMENT,
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
)
_POLICY = "policy "
UNREADABLE = "something that cannot be read"

RESOURCE_POLICIES: Mapping[str, str] = {
    "aws:apigateway/restApi:RestApi": "policy",
    "aws:apigateway/restApiPolicy:RestApiPolicy": "policy",
    "aws:backup/vaultPolicy:VaultPolicy": "policy",
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy": "policy",
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "policyDocument",
    "aws:dynamodb/resourcePolicy:ResourcePolicy": "policy",
    "aws:ecr/repositoryPolicy:RepositoryPolicy": "policy",
    "aws:kms/key:Key": "policy",
    "aws:s3/bucket:Bucket": "policy",
    "aws:s3/bucketPolicy:BucketPolicy": "policy",
    "aws:secretsmanager/secret:Secret": "policy",
    "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
    "aws:sns/topic:Topic": "policy",
    "aws:sns/topicPolicy:TopicPolicy": "policy",
    "aws:sqs/queue:Queue": "policy",
    "aws:sqs/queuePolicy:QueuePolicy": "policy",
}
"""By type, the property with a resource policy."""
_PERMISSIONS = {
    "aws:lambda/permission:Permission": "function",
    "aws:lambda/layerVersionPermission:LayerVersionPermission": "layerName",
}
"""Statements of a resource policy that are separate resources, by the property that names their target."""
_CONDITIONS = ("sourceArn", "sourceAccount", "principalOrgId", "organizationId", "functionUrlAuthType")


def moves(before: ResourceGraph, after: ResourceGraph) -> tuple[GrantMove, ...]:
    """Return the grants that principals gain and lose, gains first."""
    old, new = set(grants(before)), set(grants(after))
    came, went = new - old, old - new
    changed = {GrantMove("loses" if "not" in grant.effect.split() else "gains", grant) for grant in came}
    names = {resource.name for resource in after.resources}
    for grant in went:
        if "not" not in grant.effect.split():
            changed.add(GrantMove("loses", grant))
        elif _holders(grant) & names:  # a prohibition that ends with its holder is no gain
            changed.add(GrantMove("gains", grant))
    return tuple(sorted(changed.union(loosened_routes(before, after))))


def _holders(grant: Grant) -> set[str]:
    """Return the logical names of a grant's holder: the role, the policy, or the resource."""
    return {grant.role, grant.role.removeprefix(_POLICY), re.split("[/:]", grant.resource)[0]}


def grants(graph: ResourceGraph) -> Iterator[Grant]:
    """Yield the grants of the stack, by logical names; an unreadable document is one grant with that text."""
    named, inputs = LogicalNames(graph), inputs_of(graph)
    for grant in (*_of_roles(inputs), *_of_resources(inputs), *exposures(graph)):
        yield Grant(named(grant.role), grant.effect, grant.action, named(grant.resource), named(grant.condition))


def _of_roles(inputs: StackInputs) -> Iterator[Grant]:
    roles = {name: role for role in inputs.of(*HOLDERS) for name in _names(role)}
    policies = {str(policy.resource.id): policy for policy in inputs.of(POLICY)}
    for role in inputs.of(ROLE):
        yield from _read(role.resource.name, role, "assumeRolePolicy", _trust_grants)
    for role in inputs.of(*HOLDERS):
        yield from _of_role(role, policies)
    for inline in inputs.of(*INLINES):
        yield from _read(_holder(inline, roles), inline, "policy", _identity_grants)
    yield from _attached(inputs, roles, policies)


def _of_role(role: Inputs, policies: Mapping[str, Inputs]) -> Iterator[Grant]:
    """Yield the grants in the role itself; its boundary is a prohibition of everything else."""
    holder = role.resource.name
    if boundary := _text(role, "permissionsBoundary"):
        yield Grant(holder, "may not", BOUNDED, boundary)
    try:
        for arn in role.texts("managedPolicyArns"):
            yield from _of_policy(holder, arn, policies)
        for inline in role.parts("inlinePolicies"):
            yield from _read(holder, inline, "policy", _identity_grants)
    except (UnknownPropertyError, MalformedPropertyError) as error:
        yield Grant(holder, "may", UNREADABLE, f"{holder}: {error}")


def _of_policy(holder: str, arn: str, policies: Mapping[str, Inputs]) -> Iterator[Grant]:
    if arn in policies:
        yield from _read(holder, policies[arn], "policy", _identity_grants)
    else:
        yield Grant(holder, "may", "all that the policy says", arn)


def _of_resources(inputs: StackInputs) -> Iterator[Grant]:
    """Yield the grants of resource policies."""
    for type, path in RESOURCE_POLICIES.items():
        for holder in inputs.of(type):
            yield from _read(holder.resource.name, holder, path, _resource_grants)
    for permission in inputs.of(*_PERMISSIONS):
        of = _text(permission, _PERMISSIONS[permission.resource.type])
        condition = "; ".join(f"{name} {value}" for name in _CONDITIONS if (value := _text(permission, name)))
        yield Grant(_text(permission, "principal"), "may", _text(permission, "action"), of, condition)


def _attached(inputs: StackInputs, roles: Mapping[str, Inputs], policies: Mapping[str, Inputs]) -> Iterator[Grant]:
    held = set()
    for attachment in inputs.of(*ATTACHMENTS):
        arn = _text(attachment, "policyArn")
        held.add(arn)
        yield from _of_policy(_holder(attachment, roles), arn, policies)
    # The policy belongs to roles of other stacks, or is their boundary.
    for arn, policy in policies.items():
        if arn not in held:
            yield from _read(f"{_POLICY}{policy.resource.name}", policy, "policy", _identity_grants)


def _read(holder: str, part: Inputs, path: str, reader: Any) -> Iterator[Grant]:
    try:
        granted = [grant for statement in statements(part, path) for grant in reader(holder, statement)]
    except (UnknownPropertyError, MalformedPropertyError) as error:
        granted = [Grant(holder, "may", UNREADABLE, f"{part.resource.name}: {error}")]
    yield from granted


def _identity_grants(holder: str, statement: Statement) -> Iterator[Grant]:
    effect = "may not" if statement.denies else "may"
    condition = _condition(statement)
    for action in _named(statement, "Action"):
        for resource in _named(statement, "Resource"):
            yield Grant(holder, effect, action, resource, condition)


def _trust_grants(holder: str, statement: Statement) -> Iterator[Grant]:
    effect = "may not be assumed by" if statement.denies else "is assumed by"
    for kind, name in statement.principals:
        for action in _named(statement, "Action"):
            yield Grant(holder, effect, action, f"{kind} {name}", _condition(statement))


def _resource_grants(holder: str, statement: Statement) -> Iterator[Grant]:
    """Yield the grants of a resource policy: to its principals, on its resource or the part that it names."""
    effect, condition = "may not" if statement.denies else "may", _condition(statement)
    resources = [name if name != "*" else holder for name in _named(statement, "Resource")] or [holder]
    for kind, name in statement.principals:
        for action in _named(statement, "Action"):
            for resource in resources:
                yield Grant(f"{kind} {name}", effect, action, resource, condition)


def _named(statement: Statement, element: str) -> tuple[str, ...]:
    if statement.part.has(f"Not{element}"):
        return tuple(f"all but {name}" for name in statement.part.texts(f"Not{element}"))
    return statement.part.texts(element)


def _condition(statement: Statement) -> str:
    return "; ".join(
        f"{each.quantifier}{':' if each.quantifier else ''}{each.operator}{'ifexists' if each.if_exists else ''} "
        f"{each.key} {', '.join(each.values)}"
        for each in statement.conditions
    )


def _names(role: Inputs) -> set[str]:
    return {str(role.resource.id), _text(role, "name")} - {""}


def _holder(part: Inputs, roles: Mapping[str, Inputs]) -> str:
    name = next((text for key in ("role", "user", "group") if (text := _text(part, key))), "")
    return roles[name].resource.name if name in roles else name


def _text(part: Inputs, path: str) -> str:
    try:
        return part.text(path)
    except (UnknownPropertyError, MalformedPropertyError):
        return ""
