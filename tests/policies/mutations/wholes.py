"""Breaks of whole stacks: too many of something, something that reaches too far, exceptions that are none."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from tests.policies.mutations.expected import CAPACITY
from tests.policies.mutations.graphs import STACK
from toolkit.policy.stack import Stack
from toolkit.policy.waivers import Waiver
from toolkit.resource_types.apigatewayv2 import API, INTEGRATION, ROUTE, STAGE
from toolkit.resource_types.budgets import BUDGET
from toolkit.resource_types.cloudtrail import TRAIL
from toolkit.resource_types.cloudwatch import DASHBOARD, LOG_GROUP, METRIC_ALARM, METRIC_FILTER
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.iam import POLICY, ROLE_POLICY
from toolkit.resource_types.kms import KEY
from toolkit.resource_types.lambda_ import ALIAS, FUNCTION
from toolkit.resource_types.s3 import BUCKET, BUCKET_ENCRYPTION, BUCKET_REPLICATION
from toolkit.resource_types.secretsmanager import SECRET, SECRET_ROTATION
from toolkit.resource_types.sns import TOPIC_SUBSCRIPTION
from toolkit.stacks import Resource
from toolkit.stacks.facts import Facts, GraphFacts

Change = Callable[[GraphFacts], GraphFacts]
PROD, EDGE, ACCOUNT = "prod", "prod behind an edge", "the account of prod"
MONTH = "worst-month-bounded"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"


@dataclass(frozen=True)
class Whole:
    """One break of a stack, after what it lacks so far was given to it."""

    label: str
    world: str
    change: Change
    speaks: str
    """The rules' names."""
    given: Change = lambda graph: graph
    stack: Stack = STACK


def _each(type_: str, edit: Callable[[Facts], Facts]) -> Change:
    """Change every resource of the type; every resource where it is empty."""
    return lambda graph: GraphFacts(
        tuple(edit(one) if type_ in {"", one.resource.type} else one for one in graph.resources)
    )


def _set(type_: str, **properties: Any) -> Change:
    return _each(type_, lambda facts: replace(facts, properties={**facts.properties, **properties}))


def _provider(**inputs: Any) -> Change:
    return _each("", lambda facts: replace(facts, provider={**facts.provider, **inputs}))


def _bucket_keys(*, on: bool) -> Change:
    """Every bucket's encryption with a Bucket Key, or without."""

    def changed(facts: Facts) -> Facts:
        rules = [{**rule, "bucketKeyEnabled": on} for rule in facts.properties["rules"]]
        return replace(facts, properties={**facts.properties, "rules": rules})

    return _each(BUCKET_ENCRYPTION, changed)


def _options(type_: str, **options: Any) -> Change:
    return _each(type_, lambda facts: replace(facts, resource=replace(facts.resource, **options)))


def _more(type_: str, count: int) -> Change:
    """The first of the type so many times more, under other names."""

    def copied(graph: GraphFacts) -> GraphFacts:
        first = graph.of(type_)[0]
        urns = [f"{first.urn}-{number}" for number in range(count)]
        copies = (replace(first, resource=replace(first.resource, urn=urn)) for urn in urns)
        return GraphFacts((*graph.resources, *copies))

    return copied


def _add(type_: str, count: int = 1, **sources: str) -> Change:
    """New resources of the type, whose properties come from all resources of other types."""

    def added(graph: GraphFacts) -> GraphFacts:
        come = {name: tuple(one.urn for one in graph.of(other)) for name, other in sources.items()}
        new = (resource(f"urn:pulumi:prod::items-api::{type_}::new-{number}", type_, come) for number in range(count))
        return GraphFacts((*graph.resources, *(Facts(one, {}, graph.resources[0].provider) for one in new)))

    return added


def _without_one(type_: str) -> Change:
    return lambda graph: GraphFacts(tuple(one for one in graph.resources if one is not graph.of(type_)[-1]))


def resource(urn: str, type_: str, sources: dict[str, tuple[str, ...]]) -> Resource:
    return Resource(
        *(urn, type_, "new"), custom=True, id="", parent=None, inputs={}, outputs={}, property_dependencies=sources
    )


def _waived(
    rule: str, urn: str = "urn:pulumi:prod::items-api::aws:lambda/function:Function::none", days: int = 9
) -> Any:
    end = STACK.today + timedelta(days=days)
    return replace(STACK, waivers=(Waiver(rule=rule, urn=urn, reason="to break this", owner="a-team", expires=end),))


def _catching(graph: GraphFacts) -> GraphFacts:
    """Every route with an authorizer for all methods, in an API that pages call."""
    closed = _each(
        ROUTE,
        lambda one: (
            replace(one, properties={**one.properties, "routeKey": "ANY /"})
            if one.properties["authorizationType"] == "JWT"
            else one
        ),
    )
    return _set(API, corsConfiguration={"allowOrigins": ["https://app.example.com"]})(closed(graph))


def _copied(graph: GraphFacts) -> GraphFacts:
    """Every bucket replicated to a bucket of another account."""
    rule = {"status": "Enabled", "destination": {"bucket": "arn:aws:s3:::other", "account": "999999999999"}}
    return _set(BUCKET_REPLICATION, rules=[rule])(_add(BUCKET_REPLICATION, bucket=BUCKET)(graph))


def _nothing(graph: GraphFacts) -> GraphFacts:
    return graph


WHOLES: tuple[Whole, ...] = (
    Whole(
        "the API answers beside its edge",
        EDGE,
        _set(API, disableExecuteApiEndpoint=False),
        "apigw-default-endpoint-off",
    ),
    Whole(
        "routes that take preflights",
        PROD,
        _catching,
        f"api-preflights-open apigw-throttles-own-routes throttles-fit-concurrency {MONTH}",
    ),
    Whole("a provider of another region", PROD, _provider(region="ap-south-1"), "loggroup-key-covers provider-region"),
    Whole("resources of another region", PROD, _set(FUNCTION, region="ap-south-1"), "provider-region"),
    Whole("a provider of any account", PROD, _provider(allowedAccountIds="[]"), "provider-account"),
    Whole("a provider of two accounts", PROD, _provider(allowedAccountIds='["1", "2"]'), "provider-account"),
    Whole("keys in the provider", PROD, _provider(accessKey="AKIA", secretKey="a-key"), "provider-credentials"),
    Whole(
        "roles that delete tables",
        PROD,
        _set(ROLE_POLICY, policy={"Statement": {"Effect": "Allow", "Action": "dynamodb:DeleteTable", "Resource": "*"}}),
        "service-role-actions",
    ),
    Whole("a ceiling that is a grant", ACCOUNT, _add(ATTACHMENT, policyArn=POLICY), "iam-boundary-grants-nothing"),
    Whole("a trail's bucket with a bucket key", ACCOUNT, _bucket_keys(on=True), "trail-bucket-hardened"),
    Whole("buckets without bucket keys", ACCOUNT, _bucket_keys(on=False), "s3-encryption"),
    Whole("a second trail", ACCOUNT, _more(TRAIL, 1), "single-trail cis-4-monitoring"),
    Whole("a filter too few", ACCOUNT, _without_one(METRIC_FILTER), "cis-4-monitoring", given=_add(METRIC_FILTER, 15)),
    Whole("many alarms", PROD, _more(METRIC_ALARM, 6), "alarm-count"),
    Whole("many dashboards", PROD, _more(DASHBOARD, 3), "dashboard-count"),
    Whole("many keys", PROD, _more(KEY, 3), "key-count no-orphan-key"),
    Whole("many secrets", PROD, _more(SECRET, 5), "secret-count secret-rotated"),
    Whole(
        *("a secret for ever", PROD, _without_one(SECRET_ROTATION), "secret-rotated"),
        given=_add(SECRET_ROTATION, secretId=SECRET),
    ),
    Whole(
        "two functions, one role",
        PROD,
        _more(FUNCTION, 1),
        "function-on-dashboard lambda-least-privilege worst-month-bounded",
    ),
    Whole(
        "a function without end", PROD, _set(FUNCTION, reservedConcurrentExecutions=-1), f"worst-case-bounded {MONTH}"
    ),
    Whole(
        "a stage without end",
        PROD,
        _set(STAGE, defaultRouteSettings={}, routeSettings=[]),
        f"worst-case-bounded {MONTH} {CAPACITY}",
    ),
    Whole("tables without end", PROD, _set(TABLE, onDemandThroughput={}), f"worst-case-bounded {MONTH}"),
    Whole("an alias that the program moves", PROD, _options(ALIAS, ignore_changes=()), "canary-wired"),
    Whole("an alias that nobody delivers", PROD, _set(ALIAS, name="other"), "canary-alarms-of-version canary-wired"),
    Whole(
        "nobody hears the alarms",
        PROD,
        _set(TOPIC_SUBSCRIPTION, protocol="http"),
        "alarm-topic-reachable subscription-ends",
    ),
    Whole(
        "alarms on other metrics",
        PROD,
        _set(METRIC_ALARM, metricName="Calls", metricQueries=[]),
        "alarms-present canary-alarms-in-time canary-alarms-of-version throttles-fit-concurrency",
    ),
    Whole(
        "a canary that ends before its alarms", PROD, _set(METRIC_ALARM, evaluationPeriods=9), "canary-alarms-in-time"
    ),
    Whole("a budget of a dollar", PROD, _set(BUDGET, limitAmount="1"), f"budget-covers-estimate {MONTH}"),
    Whole(
        "use that nobody declared", PROD, _nothing, f"budget-covers-estimate {MONTH}", stack=replace(STACK, config={})
    ),
    Whole("a firewall in dev", EDGE, _nothing, "waf-prod-only", stack=replace(STACK, environment="dev")),
    Whole("copies in another account", PROD, _copied, "s3-replicas-own"),
    Whole("something new", PROD, _add("aws:ec2/instance:Instance"), "type-covered type-priced"),
    Whole("a function that ignores its code", PROD, _options(FUNCTION, ignore_changes=("code",)), "changes-deployed"),
    Whole(
        "a function slower than its API", PROD, _set(INTEGRATION, timeoutMilliseconds=5_000), "function-timeout-fits"
    ),
    Whole("a credential in a tag", PROD, _set(TABLE, description="AKIA" + "ABCDEFGHIJKLMNOP"), "no-plain-credentials"),
    Whole("a budget of a million", PROD, _set(BUDGET, limitAmount="1000000"), "budget-near-estimate"),
    Whole("logs that are rarely read", PROD, _set(LOG_GROUP, logGroupClass="INFREQUENT_ACCESS"), "loggroup-class"),
    Whole("subscriptions without an end", PROD, _set(TOPIC_SUBSCRIPTION, endpoint=""), "subscription-ends"),
    Whole("a waiver of no rule", PROD, _nothing, "waiver-valid", stack=_waived("is-nice")),
    Whole("a waiver for nothing", PROD, _nothing, "waiver-valid", stack=_waived("lambda-memory-cap")),
)
