"""Rules between the resources of an HTTP API."""

from urllib.parse import urlsplit

from toolkit.policy.rule import Levels, Severity, StackRule, controls, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.apigatewayv2 import API, API_MAPPING, AUTHORIZER, ROUTE, STAGE
from toolkit.resource_types.cloudfront import DISTRIBUTION
from toolkit.resource_types.cognito import USER_POOL, USER_POOL_CLIENT
from toolkit.resource_types.wafv2 import WEB_ACL
from toolkit.stacks.inputs import Inputs, StackInputs, Violations, every
from toolkit.stacks.references import known_text, referred_to


@for_each(ROUTE)
def _uses_authorizer_of_its_api(route: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    if route.text("authorizationType", "NONE") in {"NONE", "AWS_IAM"}:
        return True
    apis = route.depends_on("apiId")
    behind = graph.behind(route, "authorizerId", AUTHORIZER)
    authorizers = referred_to(route, "authorizerId", known_text(route, "authorizerId"), behind)
    return any(set(apis) & set(authorizer.depends_on("apiId")) for authorizer in authorizers)


@for_each(ROUTE)
def _default_route_is_authorized(route: Inputs, _graph: StackInputs, _stack: Stack) -> bool:
    return route.text("routeKey") != "$default" or route.text("authorizationType", "NONE") != "NONE"


@for_each(ROUTE)
def _allows_preflight_requests(route: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    takes_options = route.text("routeKey").partition(" ")[0] in {"ANY", "OPTIONS", "$default"}
    if not takes_options or route.text("authorizationType", "NONE") == "NONE":
        return True
    return not any(api.has("corsConfiguration") for api in graph.behind(route, "apiId", API))


@for_each(AUTHORIZER)
def _issuer_is_pool_of_stack(authorizer: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    if authorizer.text("authorizerType") != "JWT":
        return True
    pools = _issuer_pools(graph, authorizer)
    clients = graph.behind(authorizer, "jwtConfiguration", USER_POOL_CLIENT)
    return bool(pools and clients) and all(
        referred_to(client, "userPoolId", known_text(client, "userPoolId"), pools) for client in clients
    )


def _issuer_pools(graph: StackInputs, authorizer: Inputs) -> tuple[Inputs, ...]:
    """Return the pools of the stack that the authorizer names as issuer."""
    issuer = known_text(authorizer, "jwtConfiguration.issuer")
    pools = graph.behind(authorizer, "jwtConfiguration", USER_POOL)
    return referred_to(authorizer, "jwtConfiguration", issuer, pools, "endpoint", fits=_is_issuer)


def _is_issuer(address: str, pool: str) -> bool:
    """Return whether a pool's endpoint or id is that of the issuer's address."""
    parts = urlsplit(address)
    path = parts.path.rstrip("/")
    own_host = (parts.hostname or "").startswith("cognito-idp.")
    return address.rstrip("/") == f"https://{pool}" or (own_host and path == f"/{pool}")


def _audiences_are_clients_of_stack(graph: StackInputs, _stack: Stack) -> bool | Violations:
    def own(authorizer: Inputs) -> bool:
        clients = graph.behind(authorizer, "jwtConfiguration", USER_POOL_CLIENT)
        audiences = authorizer.entries("jwtConfiguration.audiences") if clients else ()
        return all(referred_to(authorizer, "jwtConfiguration", known_text(one, ""), clients) for one in audiences)

    return every((one for one in graph.of(AUTHORIZER) if one.text("authorizerType") == "JWT"), own)


@for_each(API)
def _default_endpoint_is_disabled(api: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    return not graph.using(api, API_MAPPING, by="apiId") or api.flag("disableExecuteApiEndpoint")


def _has_web_acl(graph: StackInputs, _stack: Stack) -> bool | Violations:
    guarded = [
        edge
        for edge in graph.of(DISTRIBUTION)
        if referred_to(edge, "webAclId", known_text(edge, "webAclId"), graph.behind(edge, "webAclId", WEB_ACL), "arn")
    ]
    return not graph.of(API) or bool(guarded) or Violations(graph.of(API))


api_routes_covered = StackRule(
    name="api-routes-covered",
    description="Authorizers of routes belong to the same API, and $default is not public",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    controls=controls("FSBP: APIGateway.8; NAG: APIG4"),
    checks={
        "authorizerId comes from no authorizer of the route's API; set it to one": _uses_authorizer_of_its_api,
        "$default is public; list the public routes one by one": _default_route_is_authorized,
    },
)

api_preflights_open = StackRule(
    name="api-preflights-open",
    description="Routes with an authorizer do not match CORS preflight requests",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    message="routeKey matches OPTIONS and the route has an authorizer, so CORS preflight requests get 401; name one "
    "method",
    check=_allows_preflight_requests,
)
"""https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html, section on `$default` and
authorizers (read 2026-11-30)."""

authorizer_matches_pool = StackRule(
    name="authorizer-matches-pool",
    description="JWT authorizers accept only tokens of this stack's user pool and clients",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    checks={
        "issuer or audiences come from no pool and client of this stack; take both from it": _issuer_is_pool_of_stack,
        "audiences has a client that is not of this stack, whose tokens the API accepts; remove it": (
            _audiences_are_clients_of_stack
        ),
    },
)

api_has_stage = StackRule(
    name="api-has-stage",
    description="Every API has a stage in the same stack",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    message="the API has no stage of this stack; add one with throttles and access logs",
    check=for_each(API)(lambda api, graph, _: bool(graph.using(api, STAGE, by="apiId"))),
)

apigw_default_endpoint_off = StackRule(
    name="apigw-default-endpoint-off",
    description="The default execute-api endpoint is disabled where the API has a custom domain name",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    message="disableExecuteApiEndpoint is off although the API has a custom domain name; set it to true",
    check=_default_endpoint_is_disabled,
)

waf_in_front = StackRule(
    name="waf-in-front",
    description="An AWS WAF web ACL protects the API through CloudFront",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_WHERE_KEPT,
    message="no CloudFront distribution with a web ACL serves the API; set edge in the stack's settings",
    check=_has_web_acl,
)
