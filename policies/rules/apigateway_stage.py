"""Rules on the stages and names of HTTP and WebSocket APIs: logs, throttles, TLS."""

from policies.facts import Facts, every
from policies.rule import BLOCKS, WARNS_THEN_BLOCKS, ResourceRule, Severity, controls
from policies.stack import Stack

STAGE = "aws:apigatewayv2/stage:Stage"
DOMAIN_NAME = "aws:apigatewayv2/domainName:DomainName"
_LOGGED = {
    "$context.requestId",
    "$context.identity.sourceIp",
    "$context.routeKey",
    "$context.status",
    "$context.responseLatency",
    "$context.authorizer.error",
}


def _throttled(settings: Facts, stack: Stack) -> bool:
    rate = settings.number("throttlingRateLimit", 0)
    burst = settings.number("throttlingBurstLimit", 0)
    return 0 < rate <= stack.bounds.requests_per_second and 0 < burst <= stack.bounds.burst_requests


def _logs_what_is_asked(stage: Facts, _stack: Stack) -> bool:
    fields = stage.json("accessLogSettings.format").properties.values()
    return {field for field in fields if isinstance(field, str)} >= _LOGGED


def _settings(stage: Facts) -> tuple[Facts, ...]:
    return (stage.part("defaultRouteSettings"), *stage.parts("routeSettings"))


apigw_access_logs = ResourceRule(
    name="apigw-access-logs",
    says="Every call of an API is logged.",
    severity=Severity.MEDIUM,
    levels=BLOCKS,
    controls=controls(
        "FSBP: APIGateway.9; NAG: APIG1; CHECKOV: CKV_AWS_76; GUARD: api_gwv2_access_logs_enabled; CIS7: 4.10;"
        "NAG_SERVERLESS: APIGWAccessLogging"
    ),
    types=(STAGE,),
    checks={
        "accessLogSettings.destinationArn is absent, so no call is logged; name a log group": (
            lambda stage, _: stage.has("accessLogSettings.destinationArn")
        ),
        "accessLogSettings.format is absent; set it to a JSON object of $context variables": (
            lambda stage, _: stage.has("accessLogSettings.format")
        ),
    },
)

apigw_log_format_json = ResourceRule(
    name="apigw-log-format-json",
    says="Access logs are JSON and say who called what, how it ended and how long it took.",
    severity=Severity.LOW,
    levels=WARNS_THEN_BLOCKS,
    controls=controls("NAG_SERVERLESS: APIGWStructuredLogging"),
    types=(STAGE,),
    checks={
        "accessLogSettings.format lacks the request's id, address, routeKey, status, responseLatency or authorizer"
        " error; add the $context variables": _logs_what_is_asked
    },
)

apigw_throttling = ResourceRule(
    name="apigw-throttling",
    says="An API takes a bounded number of calls, so its bill has a bound too.",
    severity=Severity.HIGH,
    levels=BLOCKS,
    controls=controls("NAG_SERVERLESS: APIGWDefaultThrottling"),
    types=(STAGE,),
    checks={
        "defaultRouteSettings has no throttlingRateLimit up to {bounds.requests_per_second} and throttlingBurstLimit up"
        " to {bounds.burst_requests}; set both: one that is absent beside other settings counts as 0, and every call is"
        " refused": lambda stage, stack: _throttled(stage.part("defaultRouteSettings"), stack)
    },
)

apigw_route_throttling = ResourceRule(
    name="apigw-route-throttling",
    says="No route has a wider throttle than its API may have.",
    severity=Severity.MEDIUM,
    levels=BLOCKS,
    controls=controls("NAG_SERVERLESS: APIGWDefaultThrottling"),
    types=(STAGE,),
    checks={
        "routeSettings has no throttlingRateLimit up to {bounds.requests_per_second} and throttlingBurstLimit up to"
        " {bounds.burst_requests}; set both": (
            lambda stage, stack: every(stage.parts("routeSettings"), lambda route: _throttled(route, stack))
        )
    },
)

apigw_no_data_trace = ResourceRule(
    name="apigw-no-data-trace",
    says="Requests are not logged whole: they hold tokens and personal data, and each byte is paid for.",
    severity=Severity.HIGH,
    levels=WARNS_THEN_BLOCKS,
    types=(STAGE,),
    checks={
        "dataTraceEnabled logs whole requests; take it away": (
            lambda stage, _: every(_settings(stage), lambda settings: not settings.flag("dataTraceEnabled"))
        )
    },
)

apigw_domain_tls = ResourceRule(
    name="apigw-domain-tls12",
    says="An API's own name speaks TLS 1.2 or newer only.",
    severity=Severity.HIGH,
    levels=BLOCKS,
    controls=controls("CHECKOV: CKV_AWS_206; GUARD: api_gw_domain_deny_non_tls_traffic"),
    types=(DOMAIN_NAME,),
    checks={
        "domainNameConfiguration.securityPolicy is not TLS_1_2; set it to TLS_1_2": (
            lambda domain, _: domain.text("domainNameConfiguration.securityPolicy") == "TLS_1_2"
        )
    },
)

RULES = (
    apigw_access_logs,
    apigw_log_format_json,
    apigw_throttling,
    apigw_route_throttling,
    apigw_no_data_trace,
    apigw_domain_tls,
)
