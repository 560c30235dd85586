"""Rules on the access logs of distributions."""

from toolkit.policy.rule import WARNS_THEN_BLOCKS, Severity, StackRule, controls
from toolkit.policy.stack import Stack
from toolkit.resource_types.cloudfront import DISTRIBUTION
from toolkit.resource_types.cloudwatch import LOG_DELIVERY_SOURCE
from toolkit.stacks.facts import Broken, GraphFacts, every


def _delivers(graph: GraphFacts, _stack: Stack) -> bool | Broken:
    return every(
        graph.of(DISTRIBUTION),
        lambda each: each.has("loggingConfig") or bool(graph.using(each, LOG_DELIVERY_SOURCE, by="resourceArn")),
    )


cloudfront_logs = StackRule(
    name="cloudfront-logs",
    says="Who called a distribution can be looked up.",
    severity=Severity.MEDIUM,
    levels=WARNS_THEN_BLOCKS,
    controls=controls("FSBP: CloudFront.5; NAG: CFR3; CHECKOV: CKV_AWS_86; CIS7: 4.10"),
    checks={
        "the distribution has neither loggingConfig nor a LogDeliverySource with its ARN; add the latter": _delivers
    },
)

RULES = (cloudfront_logs,)
