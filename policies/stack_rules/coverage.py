"""The rule that nothing is silently fine: a type that no rule speaks of is told."""

from collections.abc import Iterable, Mapping

from policies.facts import Broken, Facts, GraphFacts
from policies.rule import WARNS, ResourceRule, Severity, StackRule
from policies.stack import Stack

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


def coverage_rule(rules: Iterable[ResourceRule]) -> StackRule:
    """The rule that one of these rules speaks of each type, or that a reason says why none has to."""
    spoken_of = {type_ for rule in rules if len(rule.types) < _SPEAKS_OF_NONE_IN_PARTICULAR for type_ in rule.types}

    def is_covered(graph: GraphFacts, _stack: Stack) -> bool | Broken:
        first: dict[str, Facts] = {}
        for facts in graph.resources:
            first.setdefault(facts.resource.type, facts)
        return Broken(one for type_, one in first.items() if type_ not in spoken_of | set(NEEDS_NO_RULE)) or True

    return StackRule(
        name=NAME,
        says="A rule speaks of every type of resource, or a reason says why none has to.",
        severity=Severity.LOW,
        levels=WARNS,
        checks={
            "no rule speaks of this type; write one, or in stack_rules/coverage.py a reason why none has to": is_covered
        },
    )
