"""Rules on where the parts of a stack write their logs."""

from policies.facts import Broken, Facts, GraphFacts, every
from policies.rule import BLOCKS, Severity, StackRule, controls
from policies.stack import Stack

FUNCTION = "aws:lambda/function:Function"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"


def _logs_into_this_stack(graph: GraphFacts, _stack: Stack) -> bool | Broken:
    groups = {group.urn for group in graph.of(LOG_GROUP)}

    def has_group(function: Facts) -> bool:
        return bool(groups & set(function.depends_on("loggingConfig")))

    return every(graph.of(FUNCTION), has_group)


lambda_has_log_group = StackRule(
    name="lambda-has-log-group",
    says="Every function logs into a log group of this stack, not into one that Lambda makes and nobody bounds.",
    severity=Severity.MEDIUM,
    levels=BLOCKS,
    controls=controls("CHECKOV: CKV_AWS_66; GUARD: cw_loggroup_retention_period_check"),
    checks={
        "no log group of this stack takes the function's logs; set loggingConfig.logGroup to one": _logs_into_this_stack
    },
)

RULES = (lambda_has_log_group,)
