"""Which policies a role has: inline, attached from this stack, and attached from elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from toolkit.policy.iam.documents import Statement, statements
from toolkit.resource_types.iam import EXCLUSIVE_ATTACHMENTS, POLICY, ROLE_ATTACHMENT, ROLE_POLICY
from toolkit.stacks.inputs import UNKNOWN, Inputs, MalformedPropertyError, StackInputs, UnknownPropertyError

ATTACHMENTS = (
    ROLE_ATTACHMENT,
    "aws:iam/policyAttachment:PolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
)


@dataclass(frozen=True)
class RolePolicies:
    """The policies of one role."""

    documents: tuple[Inputs, ...]
    """RolePolicy and Policy resources of this stack."""
    elsewhere: tuple[tuple[Inputs, str], ...]
    """Attachments of policies that are no resource of this stack, with the policy's ARN."""

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Every statement of the documents; an unknown document is one unknown statement."""
        return tuple(each for document in self.documents for each in _statements(document))


def policies_of(role: Inputs, graph: StackInputs) -> RolePolicies:
    """Find the role's policies by dependency, or by name where a program writes the name."""
    inline = [each for each in graph.of(ROLE_POLICY) if _is_of(each, "role", role)]
    attached: list[Inputs] = []
    elsewhere: list[tuple[Inputs, str]] = []
    for attachment in graph.of(*ATTACHMENTS, EXCLUSIVE_ATTACHMENTS):
        if any(_is_of(attachment, path, role) for path in ("role", "roles", "roleName")):
            found, arns = _attached_by(attachment, graph)
            attached += found
            elsewhere += [(attachment, arn) for arn in arns]
    return RolePolicies((*inline, *attached), tuple(elsewhere))


def arn_of(inputs: Inputs) -> str:
    """Return the ARN of a resource; empty where it is not known or the type has none."""
    found = inputs.resource.outputs.get("arn") or inputs.properties.get("arn")
    return found if isinstance(found, str) else ""


def name_of(inputs: Inputs) -> str:
    """Return the physical name of a resource; empty where it is not known."""
    found = inputs.resource.outputs.get("name") or inputs.properties.get("name")
    return found if isinstance(found, str) else ""


def _statements(document: Inputs) -> tuple[Statement, ...]:
    try:
        return statements(document, "policy")
    except UnknownPropertyError:
        return (Statement(replace(document, properties={"": UNKNOWN}, place="policy")),)
    except MalformedPropertyError:
        return ()  # the rules on policies report it


def _attached_by(attachment: Inputs, graph: StackInputs) -> tuple[list[Inputs], Iterator[str]]:
    paths = ("policyArn", "policyArns")
    urns = {urn for path in paths for urn in attachment.depends_on(path)}
    by_dependency = [policy for policy in graph.of(POLICY) if policy.urn in urns]
    if attachment.has("policyArn") and by_dependency:
        return by_dependency, iter(())
    arns = [arn for path in paths for arn in attachment.texts(path)]
    found = [policy for policy in graph.of(POLICY) if arn_of(policy) in arns]
    own = {arn_of(policy) for policy in found}
    return found, (arn for arn in arns if arn not in own)


def _is_of(user: Inputs, path: str, role: Inputs) -> bool:
    if role.urn in user.depends_on(path):
        return True
    names = {name_of(role), role.resource.id} - {""}
    return user.has(path) and bool(names & set(user.texts(path)))
