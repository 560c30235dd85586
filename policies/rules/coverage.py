"""Rules that every type of resource has a rule, and a price or a reason why it costs nothing."""

from collections.abc import Iterable, Mapping

from toolkit.cost.services import SERVICES
from toolkit.policy.free_types import is_free
from toolkit.policy.rule import WARNS, WARNS_THEN_BLOCKS, ResourceRule, Severity, StackRule
from toolkit.policy.stack import Stack
from toolkit.stacks.facts import Broken, Facts, GraphFacts

NAME = "type-covered"
_SPEAKS_OF_NONE_IN_PARTICULAR = 20

NEEDS_NO_RULE: Mapping[str, str] = {
    "aws:codedeploy/application:Application": "only names what its deployment groups deliver",
    "aws:cognito/userGroup:UserGroup": "only names a group; what it may do is the API's business",
    "aws:cognito/userPoolDomain:UserPoolDomain": "AWS serves it over TLS and lets nobody choose otherwise",
    "aws:cognito/resourceServer:ResourceServer": "only names scopes, which sign-in-scopes-offered compares",
    "aws:cloudfront/cachePolicy:CachePolicy": "cloudfront-api-uncached looks at it beside its distribution",
    "aws:cloudfront/originRequestPolicy:OriginRequestPolicy": (
        "cloudfront-api-forwarded looks at it beside its distribution"
    ),
    "aws:kms/alias:Alias": "only names a key",
    "aws:kms/keyPolicy:KeyPolicy": "sns, log group and key rules look at it beside its key",
    "aws:sqs/redrivePolicy:RedrivePolicy": "sqs-dead-letters looks at it beside its queue",
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": "sqs-dead-letters looks at it beside its queue",
    "aws:cloudwatch/eventRule:EventRule": "only says when or at which event; the permission names who is called",
    "aws:cloudwatch/eventTarget:EventTarget": "only joins a rule and what it calls, which has to permit it",
    "aws:scheduler/schedule:Schedule": "only says when; its role has rules, and what it calls",
    "aws:scheduler/scheduleGroup:ScheduleGroup": "only names schedules",
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": "only counts lines; alarms on its metric have rules",
    "aws:s3/bucketNotification:BucketNotification": "only joins a bucket and what it calls, which has to permit it",
    "aws:lambda/layerVersion:LayerVersion": "lambda-layers-trusted looks at it where a function uses it",
    "aws:cloudfront/originAccessControl:OriginAccessControl": "cloudfront rules look at the distribution that uses it",
    "aws:resourcegroups/group:Group": "only names resources",
    "aws:xray/samplingRule:SamplingRule": "only says how many traces are kept",
    "aws:appautoscaling/target:Target": "only says how far a capacity may scale, which the estimate bounds",
    "aws:appautoscaling/policy:Policy": "only says when a capacity scales",
    "aws:wafv2/ipSet:IpSet": "only lists addresses for a web ACL",
    "aws:cloudwatch/dashboard:Dashboard": "only shows metrics; its price is counted",
    "aws:cloudwatch/logDelivery:LogDelivery": "only joins a source and a destination, which cloudfront-logs asks for",
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": "only says whose logs; cloudfront-logs asks for it",
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": "only says where to; its log group has rules",
    "aws:secretsmanager/secretVersion:SecretVersion": "only holds the value, which no rule may look at",
    "aws:acm/certificateValidation:CertificateValidation": "only waits until a certificate counts",
    "aws:apigatewayv2/apiMapping:ApiMapping": "only joins a name and a stage, which api-mapping-own compares",
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": "s3-replicas-own looks at where it leads",
    "aws:route53/record:Record": "record-leads-here looks at where it leads, beyond which it is a name",
}
"""Types of which nothing could be wrong, and why."""
PRICED = "type-priced"
_HELPERS = ("pulumi:", "random:", "tls:", "time:", "null:", "std:", "archive:", "local:", "command:")
"""Providers whose resources are on no cloud."""


def pricing_rule(rules: Iterable[ResourceRule]) -> StackRule:
    """Return the rule that each type is priced, is known to be free, or is evaluated by one of these rules."""
    evaluated = _spoken_of(rules)

    def is_priced(graph: GraphFacts, _stack: Stack) -> bool | Broken:
        known = evaluated | set(SERVICES)
        return Broken(one for one in graph.resources if one.resource.type not in known and not _free(one)) or True

    return StackRule(
        name=PRICED,
        says="Resources that cost money have a price or a rule, so that the estimate and the budget count them.",
        severity=Severity.HIGH,
        levels=WARNS_THEN_BLOCKS,
        checks={
            "the type may cost money, and the estimate does not count it; price it in toolkit/cost, or waive it "
            "with a reason and the amount": is_priced
        },
    )


def _is_known(type_: str, spoken_of: set[str]) -> bool:
    return type_ in spoken_of or type_ in NEEDS_NO_RULE or type_.startswith(_HELPERS)


def _free(facts: Facts) -> bool:
    return is_free(facts.resource.type)


def _spoken_of(rules: Iterable[ResourceRule]) -> set[str]:
    return {type_ for rule in rules if len(rule.types) < _SPEAKS_OF_NONE_IN_PARTICULAR for type_ in rule.types}


def coverage_rule(rules: Iterable[ResourceRule]) -> StackRule:
    """The rule that one of these rules speaks of each type, or that a reason says why none has to."""
    spoken_of = _spoken_of(rules)

    def is_covered(graph: GraphFacts, _stack: Stack) -> bool | Broken:
        first: dict[str, Facts] = {}
        for facts in graph.resources:
            first.setdefault(facts.resource.type, facts)
        return Broken(one for type_, one in first.items() if not _is_known(type_, spoken_of)) or True

    return StackRule(
        name=NAME,
        says="A rule speaks of every type of resource, or a reason says why none has to.",
        severity=Severity.LOW,
        levels=WARNS,
        checks={
            "no rule evaluates this type; write one, or add the reason why none is needed to "
            "policies/rules/coverage.py": is_covered
        },
    )
