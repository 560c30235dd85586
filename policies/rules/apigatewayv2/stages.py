"""Rules on stages of HTTP APIs: access logs, TLS, throttles and the concurrency that they need."""

import re
from math import inf

from policies.bounds import bounds_of
from toolkit.cost.traffic import ACCOUNT_CONCURRENCY
from toolkit.policy.concurrency import needed_by_public_routes, needed_concurrency
from toolkit.policy.rule import Levels, ResourceRule, Severity, StackRule, controls, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.apigatewayv2 import DOMAIN_NAME, STAGE
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.stacks.inputs import Inputs, StackInputs, Violations, every

_LOGGED = {
    "$context.requestId",
    "$context.identity.sourceIp",
    "$context.routeKey",
    "$context.status",
    "$context.responseLatency",
    "$context.authorizer.error",
}
_LIMITS = ("throttlingRateLimit", "throttlingBurstLimit")
_VARIABLE = re.compile(r"\$[A-Za-z]+(?:\.[A-Za-z0-9_:-]+)+")
_CLAIM = "$context.authorizer.claims."
_CLAIMS = {"sub", "client_id", "scope", "token_use", "iss", "aud", "jti", "origin_jti", "exp", "iat", "auth_time"}
"""Claims without personal data."""


def _throttled(settings: Inputs, stack: Stack) -> bool:
    """Accept a limit of 0: it admits no request."""
    rate, burst = (settings.number(limit, -1) for limit in _LIMITS)
    return 0 <= rate <= bounds_of(stack).requests_per_second and 0 <= burst <= bounds_of(stack).burst_requests


def _limits_are_positive(settings: Inputs) -> bool:
    return all(settings.number(limit, 1) != 0 for limit in _LIMITS)


def _within_stage_limits(stage: Inputs, _stack: Stack) -> bool | Violations:
    """Ignore a stage limit that is absent, which another rule reports, or 0, which closes routes without limits."""
    default = stage.part("defaultRouteSettings")
    most = [default.number(limit, 0) or inf for limit in _LIMITS]

    def within(route: Inputs) -> bool:
        return all(route.number(limit, 0) <= bound for limit, bound in zip(_LIMITS, most, strict=True))

    return every(stage.parts("routeSettings"), within)


def _logs_no_tokens(stage: Inputs, _stack: Stack) -> bool:
    return all(_may_be_logged(name) for name in _VARIABLE.findall(stage.text("accessLogSettings.format")))


def _may_be_logged(variable: str) -> bool:
    if variable.startswith(_CLAIM):
        return variable.removeprefix(_CLAIM) in _CLAIMS
    return not variable.startswith(("$request.", "$context.request.header", "$context.requestOverride"))


def _logs_required_fields(stage: Inputs, _stack: Stack) -> bool:
    fields = stage.json("accessLogSettings.format").properties.values()
    return {field for field in fields if isinstance(field, str)} >= _LOGGED


def _settings(stage: Inputs) -> tuple[Inputs, ...]:
    return (stage.part("defaultRouteSettings"), *stage.parts("routeSettings"))


apigw_access_logs = ResourceRule(
    name="apigw-access-logs",
    description="API Gateway stages have access logging on",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    controls=controls(
        "FSBP: APIGateway.9; NAG: APIG1; CHECKOV: CKV_AWS_76; GUARD: api_gwv2_access_logs_enabled; CIS7: 4.10;"
        "NAG_SERVERLESS: APIGWAccessLogging"
    ),
    types=(STAGE,),
    checks={
        "accessLogSettings.destinationArn is absent, so no request is logged; set it to a log group": (
            lambda stage, _: stage.has("accessLogSettings.destinationArn")
        ),
        "accessLogSettings.format is absent; set it to a JSON object of $context variables": (
            lambda stage, _: stage.has("accessLogSettings.format")
        ),
    },
)

apigw_log_format_json = ResourceRule(
    name="apigw-log-format-json",
    description="Access logs are JSON with request ID, caller, route, status, latency and authorizer error",
    severity=Severity.LOW,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("NAG_SERVERLESS: APIGWStructuredLogging"),
    types=(STAGE,),
    message="accessLogSettings.format lacks the request's id, address, routeKey, status, responseLatency or "
    "authorizer error; add the $context variables",
    check=_logs_required_fields,
)

apigw_throttling = ResourceRule(
    name="apigw-throttling",
    description="API Gateway stages have default throttling limits",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    controls=controls("NAG_SERVERLESS: APIGWDefaultThrottling"),
    types=(STAGE,),
    message="defaultRouteSettings has no throttlingRateLimit up to {bounds.requests_per_second} and "
    "throttlingBurstLimit up to {bounds.burst_requests}, or a negative one; set both (api.requests-per-second, "
    "api.burst-requests): where one alone is set, the other counts as 0 and every call gets 429",
    check=lambda stage, stack: _throttled(stage.part("defaultRouteSettings"), stack),
)

apigw_route_throttling = ResourceRule(
    name="apigw-route-throttling",
    description="Route throttling limits do not exceed those of the stage",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    controls=controls("NAG_SERVERLESS: APIGWDefaultThrottling"),
    types=(STAGE,),
    checks={
        "routeSettings has no throttlingRateLimit up to {bounds.requests_per_second} and throttlingBurstLimit up to"
        " {bounds.burst_requests}, or a negative one; set both": (
            lambda stage, stack: every(stage.parts("routeSettings"), lambda route: _throttled(route, stack))
        ),
        "routeSettings has a throttlingRateLimit or throttlingBurstLimit above that of defaultRouteSettings; lower it,"
        " or raise the stage's": _within_stage_limits,
    },
)

apigw_throttles_admit = ResourceRule(
    name="apigw-throttles-admit",
    description="Throttling limits are above 0",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS,
    types=(STAGE,),
    message="throttlingRateLimit or throttlingBurstLimit is 0, so every request gets 429; raise it, unless the API or "
    "route is to be closed",
    check=lambda stage, _: every(_settings(stage), _limits_are_positive),
)

apigw_log_no_tokens = ResourceRule(
    name="apigw-log-no-tokens",
    description="Access logs contain no tokens and no personal claims",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    types=(STAGE,),
    message="accessLogSettings.format has a variable of a request header or of a claim such as email; log "
    "$context.authorizer.claims.sub at most",
    check=_logs_no_tokens,
)

apigw_stage_deploys = ResourceRule(
    name="apigw-stage-deploys",
    description="API Gateway stages deploy changes of routes and authorizers",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    types=(STAGE,),
    message="autoDeploy is not true and deploymentId is absent, so changes of routes and authorizers take no effect; "
    "set autoDeploy",
    check=lambda stage, _: stage.flag("autoDeploy") or stage.has("deploymentId"),
)

apigw_no_data_trace = ResourceRule(
    name="apigw-no-data-trace",
    description="API Gateway does not log full requests and responses",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(STAGE,),
    message="dataTraceEnabled is true, so full requests are logged; remove it",
    check=lambda stage, _: every(_settings(stage), lambda settings: not settings.flag("dataTraceEnabled")),
)

apigw_domain_tls = ResourceRule(
    name="apigw-domain-tls12",
    description="API Gateway domain names use TLS 1.2",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    controls=controls("CHECKOV: CKV_AWS_206; GUARD: api_gw_domain_deny_non_tls_traffic"),
    types=(DOMAIN_NAME,),
    message="domainNameConfiguration.securityPolicy is not TLS_1_2; set it to TLS_1_2",
    check=lambda domain, _: domain.text("domainNameConfiguration.securityPolicy") == "TLS_1_2",
)

PUBLIC_SHARE = 0.5


def _concurrency(function: Inputs) -> float:
    reserved = function.number("reservedConcurrentExecutions", -1)
    return reserved if reserved >= 0 else ACCOUNT_CONCURRENCY


@for_each(FUNCTION)
def _public_routes_leave_concurrency(function: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    needed = needed_by_public_routes(graph, function)
    return not needed or needed <= PUBLIC_SHARE * _concurrency(function)


throttles_fit_concurrency = StackRule(
    name="throttles-fit-concurrency",
    description="The throttling limits of an API fit the concurrency of its function",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    message="the throttling limits allow more concurrent requests than reservedConcurrentExecutions, or the account's "
    "1,000, so callers get 503; the requests of a route are its burst, and its rate times the threshold of the alarm "
    "on Duration or the timeout; lower the limits in routeSettings, or raise the concurrency",
    check=for_each(FUNCTION)(lambda function, graph, _: needed_concurrency(graph, function) <= _concurrency(function)),
)

public_routes_bounded = StackRule(
    name="public-routes-bounded",
    description="Public routes can use at most half of the function's concurrency",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    message="routes without an authorizer can use the concurrency that signed-in callers need; set lower limits for "
    "them in routeSettings",
    check=_public_routes_leave_concurrency,
)
