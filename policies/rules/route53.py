"""Rules on Route 53 records."""

from toolkit.policy.rule import WARNS_THEN_BLOCKS, Severity, StackRule, controls
from toolkit.policy.stack import Stack
from toolkit.resource_types.route53 import RECORD
from toolkit.stacks.facts import Broken, Facts, GraphFacts, every

_LEADING = {"A", "AAAA", "CNAME"}


def _leads_here(graph: GraphFacts, _stack: Stack) -> bool | Broken:
    def here(record: Facts) -> bool:
        sources = {*record.depends_on("aliases"), *record.depends_on("records")}
        return record.text("type") not in _LEADING or any(one.urn in sources for one in graph.resources)

    return every(graph.of(RECORD), here)


record_leads_here = StackRule(
    name="record-leads-here",
    description="Route 53 records point to resources of the same stack",
    severity=Severity.MEDIUM,
    levels=WARNS_THEN_BLOCKS,
    controls=controls("CHECKOV: CKV2_AWS_23"),
    checks={
        "aliases and records come from no resource of this stack; take them from the resource that the record "
        "points to": _leads_here
    },
)
