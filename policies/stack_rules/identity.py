"""Rules between roles and the policies that they have."""

from toolkit.policy.iam.boundary_calls import CEILING, CEILING_TAG
from toolkit.policy.iam.role_policies import ATTACHMENTS
from toolkit.policy.rule import BLOCKS, Severity, StackRule
from toolkit.policy.stack import Stack
from toolkit.resource_types.iam import POLICY
from toolkit.stacks.facts import Broken, GraphFacts, every


def _grants_no_ceiling(graph: GraphFacts, _stack: Stack) -> bool | Broken:
    ceilings = {policy.urn for policy in graph.of(POLICY) if policy.text(f"tags.{CEILING_TAG}") == CEILING}
    return every(graph.of(*ATTACHMENTS), lambda each: not ceilings & set(each.depends_on("policyArn")))


iam_boundary_grants_nothing = StackRule(
    name="iam-boundary-grants-nothing",
    says="A policy that says it is a boundary is one: nobody has it as a policy.",
    severity=Severity.CRITICAL,
    levels=BLOCKS,
    checks={
        "a policy with the tag use=boundary is attached; attach another and give this one as permissionsBoundary": (
            _grants_no_ceiling
        )
    },
)

RULES = (iam_boundary_grants_nothing,)
