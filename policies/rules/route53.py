"""Rules on Route 53 records."""

from toolkit.policy.rule import Levels, Severity, StackRule, controls, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.route53 import RECORD
from toolkit.stacks.inputs import Inputs, StackInputs

_TYPES_WITH_TARGET = {"A", "AAAA", "CNAME"}


@for_each(RECORD)
def _target_is_of_stack(record: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    sources = {*record.depends_on("aliases"), *record.depends_on("records")}
    return record.text("type") not in _TYPES_WITH_TARGET or any(one.urn in sources for one in graph.resources)


record_leads_here = StackRule(
    name="record-leads-here",
    description="Route 53 records point to resources of the same stack",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("CHECKOV: CKV2_AWS_23"),
    message="aliases and records come from no resource of this stack; take them from the resource that the record "
    "points to",
    check=_target_is_of_stack,
)
