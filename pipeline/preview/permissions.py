"""Who may do what on what: the grants of every role of a stack, and which of them a change gives or takes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from policies.facts import Facts, GraphFacts, MalformedPropertyError, UnknownPropertyError, facts_of
from policies.policy_documents import Statement, statements
from stackgraph import ResourceGraph

ROLE = "aws:iam/role:Role"
INLINE = "aws:iam/rolePolicy:RolePolicy"
POLICY = "aws:iam/policy:Policy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"

Sign = Literal["gains", "loses"]


@dataclass(frozen=True, order=True)
class Grant:
    """One action on one resource that a role has, is denied, or by which it can be taken on."""

    role: str
    effect: str
    """`may`, `may not`, or `is taken on by`."""
    action: str
    resource: str
    condition: str = ""


@dataclass(frozen=True, order=True)
class GrantMove:
    """A grant that a change gives or takes; a prohibition that goes is a gain."""

    sign: Sign
    grant: Grant


def moves(before: ResourceGraph, after: ResourceGraph) -> tuple[GrantMove, ...]:
    """What the roles gain and lose, gains first."""
    old, new = set(grants(before)), set(grants(after))
    came, went = new - old, old - new
    found = [GrantMove("loses" if "not" in grant.effect.split() else "gains", grant) for grant in came]
    found += [GrantMove("gains" if "not" in grant.effect.split() else "loses", grant) for grant in went]
    return tuple(sorted(found))


def grants(graph: ResourceGraph) -> Iterator[Grant]:
    """Everything that the stack's roles are given; a document that cannot be read is one grant that says so."""
    facts = facts_of(graph)
    roles = {name: role for role in facts.of(ROLE) for name in _names(role)}
    policies = {str(policy.resource.id): policy for policy in facts.of(POLICY)}
    for role in facts.of(ROLE):
        yield from _read(role.resource.name, role, "assumeRolePolicy", _trusts)
    for inline in facts.of(INLINE):
        yield from _read(_holder(inline, roles), inline, "policy", _allows)
    yield from _attached(facts, roles, policies)


def _attached(facts: GraphFacts, roles: Mapping[str, Facts], policies: Mapping[str, Facts]) -> Iterator[Grant]:
    for attachment in facts.of(ATTACHMENT):
        holder, arn = _holder(attachment, roles), _text(attachment, "policyArn")
        if arn in policies:
            yield from _read(holder, policies[arn], "policy", _allows)
        else:
            yield Grant(holder, "may", "all that the policy says", arn)


def _read(holder: str, part: Facts, path: str, reader: Any) -> Iterator[Grant]:
    try:
        found = [grant for statement in statements(part, path) for grant in reader(holder, statement)]
    except (UnknownPropertyError, MalformedPropertyError) as error:
        found = [Grant(holder, "may", "something that cannot be read", f"{part.resource.name}: {error}")]
    yield from found


def _allows(holder: str, statement: Statement) -> Iterator[Grant]:
    effect = "may not" if statement.denies else "may"
    condition = _condition(statement)
    for action in _named(statement, "Action"):
        for resource in _named(statement, "Resource"):
            yield Grant(holder, effect, action, resource, condition)


def _trusts(holder: str, statement: Statement) -> Iterator[Grant]:
    effect = "may not be taken on by" if statement.denies else "is taken on by"
    for kind, name in statement.principals:
        for action in _named(statement, "Action"):
            yield Grant(holder, effect, action, f"{kind} {name}", _condition(statement))


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


def _names(role: Facts) -> set[str]:
    return {str(role.resource.id), _text(role, "name")} - {""}


def _holder(part: Facts, roles: Mapping[str, Facts]) -> str:
    name = _text(part, "role")
    return roles[name].resource.name if name in roles else name


def _text(part: Facts, path: str) -> str:
    try:
        return part.text(path)
    except (UnknownPropertyError, MalformedPropertyError):
        return ""
