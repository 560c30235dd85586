"""Mutations of a stack: too many resources, a limit that is removed, an invalid waiver, another region or account."""

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
from toolkit.stacks.inputs import Inputs, StackInputs

Change = Callable[[StackInputs], StackInputs]
PROD, CLOUDFRONT, ACCOUNT = "prod", "prod behind CloudFront", "account of prod"
MONTH = "worst-month-bounded"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"


@dataclass(frozen=True)
class StackMutation:
    """One mutation of a stack: `given` prepares the stack, then `change` is applied."""

    label: str
    stack_name: str
    change: Change
    rules: str
    """The names of the rules that must report it."""
    given: Change = lambda graph: graph
    stack: Stack = STACK


def _each(type_: str, edit: Callable[[Inputs], Inputs]) -> Change:
    """Return a change of every resource of the type; of every resource if the type is empty."""
    return lambda graph: StackInputs(
        tuple(edit(one) if type_ in {"", one.resource.type} else one for one in graph.resources)
    )


def _set(type_: str, **properties: Any) -> Change:
    return _each(type_, lambda inputs: replace(inputs, properties={**inputs.properties, **properties}))


def _provider(**values: Any) -> Change:
    return _each("", lambda inputs: replace(inputs, provider={**inputs.provider, **values}))


def _bucket_keys(*, on: bool) -> Change:
    """Return a change that turns the S3 Bucket Key of every bucket on or off."""

    def changed(inputs: Inputs) -> Inputs:
        rules = [{**rule, "bucketKeyEnabled": on} for rule in inputs.properties["rules"]]
        return replace(inputs, properties={**inputs.properties, "rules": rules})

    return _each(BUCKET_ENCRYPTION, changed)


def _options(type_: str, **options: Any) -> Change:
    return _each(type_, lambda inputs: replace(inputs, resource=replace(inputs.resource, **options)))


def _more(type_: str, count: int) -> Change:
    """Return a change that adds copies of the first resource of the type."""

    def copied(graph: StackInputs) -> StackInputs:
        first = graph.of(type_)[0]
        urns = [f"{first.urn}-{number}" for number in range(count)]
        copies = (replace(first, resource=replace(first.resource, urn=urn)) for urn in urns)
        return StackInputs((*graph.resources, *copies))

    return copied


def _add(type_: str, count: int = 1, **sources: str) -> Change:
    """Return a change that adds resources of the type, which refer to all resources of other types."""

    def added(graph: StackInputs) -> StackInputs:
        references = {name: tuple(one.urn for one in graph.of(other)) for name, other in sources.items()}
        new = (
            resource(f"urn:pulumi:prod::items-api::{type_}::new-{number}", type_, references) for number in range(count)
        )
        return StackInputs((*graph.resources, *(Inputs(one, {}, graph.resources[0].provider) for one in new)))

    return added


def _without_one(type_: str) -> Change:
    return lambda graph: StackInputs(tuple(one for one in graph.resources if one is not graph.of(type_)[-1]))


def resource(urn: str, type_: str, sources: dict[str, tuple[str, ...]]) -> Resource:
    return Resource(
        *(urn, type_, "new"), custom=True, id="", parent=None, inputs={}, outputs={}, property_dependencies=sources
    )


def _waived(
    rule: str, urn: str = "urn:pulumi:prod::items-api::aws:lambda/function:Function::none", days: int = 9
) -> Any:
    end = STACK.today + timedelta(days=days)
    return replace(STACK, waivers=(Waiver(rule=rule, urn=urn, reason="mutates a stack", owner="a-team", expires=end),))


def _any_method_routes(graph: StackInputs) -> StackInputs:
    """Return the graph with CORS on, and every route with an authorizer on `ANY`."""
    closed = _each(
        ROUTE,
        lambda one: (
            replace(one, properties={**one.properties, "routeKey": "ANY /"})
            if one.properties["authorizationType"] == "JWT"
            else one
        ),
    )
    return _set(API, corsConfiguration={"allowOrigins": ["https://app.example.com"]})(closed(graph))


def _replicated_elsewhere(graph: StackInputs) -> StackInputs:
    """Return the graph with every bucket replicated to another account."""
    rule = {"status": "Enabled", "destination": {"bucket": "arn:aws:s3:::other", "account": "999999999999"}}
    return _set(BUCKET_REPLICATION, rules=[rule])(_add(BUCKET_REPLICATION, bucket=BUCKET)(graph))


def _unchanged(graph: StackInputs) -> StackInputs:
    return graph


STACK_MUTATIONS: tuple[StackMutation, ...] = (
    StackMutation(
        "the default endpoint is enabled behind CloudFront",
        CLOUDFRONT,
        _set(API, disableExecuteApiEndpoint=False),
        "apigw-default-endpoint-off",
    ),
    StackMutation(
        "routes of all methods catch CORS preflights",
        PROD,
        _any_method_routes,
        f"api-preflights-open apigw-throttles-own-routes throttles-fit-concurrency {MONTH}",
    ),
    StackMutation(
        "the provider has another region",
        PROD,
        _provider(region="ap-south-1"),
        "iam-role-within-boundary loggroup-key-covers provider-region",
    ),
    StackMutation("a function has another region", PROD, _set(FUNCTION, region="ap-south-1"), "provider-region"),
    StackMutation("the provider allows every account", PROD, _provider(allowedAccountIds="[]"), "provider-account"),
    StackMutation(
        "the provider allows two accounts", PROD, _provider(allowedAccountIds='["1", "2"]'), "provider-account"
    ),
    StackMutation(
        "the provider has access keys", PROD, _provider(accessKey="AKIA", secretKey="a-key"), "provider-credentials"
    ),
    StackMutation(
        "roles may delete tables",
        PROD,
        _set(ROLE_POLICY, policy={"Statement": {"Effect": "Allow", "Action": "dynamodb:DeleteTable", "Resource": "*"}}),
        "iam-role-within-boundary service-role-actions",
    ),
    StackMutation(
        "a permissions boundary is attached as a policy",
        ACCOUNT,
        _add(ATTACHMENT, policyArn=POLICY),
        "iam-boundary-grants-nothing",
    ),
    StackMutation("the trail's bucket has an S3 Bucket Key", ACCOUNT, _bucket_keys(on=True), "trail-bucket-hardened"),
    StackMutation("buckets have no S3 Bucket Key", ACCOUNT, _bucket_keys(on=False), "s3-encryption"),
    StackMutation("the account has two trails", ACCOUNT, _more(TRAIL, 1), "single-trail cis-4-monitoring"),
    StackMutation(
        "a metric filter of the CIS benchmark is missing",
        ACCOUNT,
        _without_one(METRIC_FILTER),
        "cis-4-monitoring",
        given=_add(METRIC_FILTER, 15),
    ),
    StackMutation("too many alarms", PROD, _more(METRIC_ALARM, 10), "alarm-count"),
    StackMutation("too many dashboards", PROD, _more(DASHBOARD, 3), "dashboard-count"),
    StackMutation("too many KMS keys", PROD, _more(KEY, 3), "key-count no-orphan-key"),
    StackMutation("too many secrets", PROD, _more(SECRET, 10), "secret-count secret-rotated"),
    StackMutation(
        *("a secret has no rotation", PROD, _without_one(SECRET_ROTATION), "secret-rotated"),
        given=_add(SECRET_ROTATION, secretId=SECRET),
    ),
    StackMutation(
        "two functions share a role",
        PROD,
        _more(FUNCTION, 1),
        "function-on-dashboard lambda-least-privilege worst-month-bounded",
    ),
    StackMutation(
        "a function has no reserved concurrency",
        PROD,
        _set(FUNCTION, reservedConcurrentExecutions=-1),
        f"worst-case-bounded {MONTH}",
    ),
    StackMutation(
        "a stage has no throttles",
        PROD,
        _set(STAGE, defaultRouteSettings={}, routeSettings=[]),
        f"worst-case-bounded {MONTH} {CAPACITY}",
    ),
    StackMutation(
        "tables have no maximum throughput", PROD, _set(TABLE, onDemandThroughput={}), f"worst-case-bounded {MONTH}"
    ),
    StackMutation(
        "the program changes the version of the alias", PROD, _options(ALIAS, ignore_changes=()), "canary-wired"
    ),
    StackMutation(
        "no deployment group changes the alias",
        PROD,
        _set(ALIAS, name="other"),
        "canary-alarms-of-version canary-wired",
    ),
    StackMutation(
        "the alarm topic has no subscription that delivers",
        PROD,
        _set(TOPIC_SUBSCRIPTION, protocol="http"),
        "alarm-topic-reachable subscription-ends",
    ),
    StackMutation(
        "alarms watch an unknown metric",
        PROD,
        _set(METRIC_ALARM, metricName="Calls", metricQueries=[]),
        "alarms-present canary-alarms-in-time canary-alarms-of-version throttles-fit-concurrency",
    ),
    StackMutation(
        "the canary ends before its alarms can fire",
        PROD,
        _set(METRIC_ALARM, evaluationPeriods=9),
        "canary-alarms-in-time",
    ),
    StackMutation("the budget is 1 USD", PROD, _set(BUDGET, limitAmount="1"), f"budget-covers-estimate {MONTH}"),
    StackMutation(
        "the stack declares no expected use",
        PROD,
        _unchanged,
        f"budget-covers-estimate {MONTH}",
        stack=replace(STACK, config={}),
    ),
    StackMutation(
        "dev has a web ACL", CLOUDFRONT, _unchanged, "waf-prod-only", stack=replace(STACK, environment="dev")
    ),
    StackMutation("buckets replicate to another account", PROD, _replicated_elsewhere, "s3-replicas-own"),
    StackMutation(
        "a resource type has no rule and no price", PROD, _add("aws:ec2/instance:Instance"), "type-covered type-priced"
    ),
    StackMutation(
        "a function ignores changes of its code", PROD, _options(FUNCTION, ignore_changes=("code",)), "changes-deployed"
    ),
    StackMutation(
        "the function's timeout exceeds the API's",
        PROD,
        _set(INTEGRATION, timeoutMilliseconds=5_000),
        "function-timeout-fits",
    ),
    StackMutation(
        "a description has an access key",
        PROD,
        _set(TABLE, description="AKIA" + "ABCDEFGHIJKLMNOP"),
        "no-plain-credentials",
    ),
    StackMutation(
        "the budget is far above the estimate", PROD, _set(BUDGET, limitAmount="1000000"), "budget-near-estimate"
    ),
    StackMutation(
        "log groups are of the class INFREQUENT_ACCESS",
        PROD,
        _set(LOG_GROUP, logGroupClass="INFREQUENT_ACCESS"),
        "loggroup-class",
    ),
    StackMutation("subscriptions have no endpoint", PROD, _set(TOPIC_SUBSCRIPTION, endpoint=""), "subscription-ends"),
    StackMutation("a waiver names no rule", PROD, _unchanged, "waiver-valid", stack=_waived("is-nice")),
    StackMutation("a waiver names no resource", PROD, _unchanged, "waiver-valid", stack=_waived("lambda-memory-cap")),
)
