"""Rules on distributions whose origin is an API."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from toolkit.policy.cloudfront import DIGESTS, KEY_HEADER, accepts, matches_all, may_match, methods_of, path_of
from toolkit.policy.rule import Levels, Severity, StackCheck, StackRule, controls, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.apigatewayv2 import API, DOMAIN_NAME, ROUTE
from toolkit.resource_types.cloudfront import CACHE_POLICY, DISTRIBUTION, ORIGIN_REQUEST_POLICY
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.resource_types.wafv2 import WEB_ACL, WEB_ACL_ASSOCIATION
from toolkit.stacks.inputs import Inputs, StackInputs, Violations, every
from toolkit.stacks.references import known_text, names_of, referred_to

_CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
_ALL_VIEWER = {
    "216adef6-5c7f-47e4-b989-5492eafa07d3",  # AllViewer
    "b689b0a8-53d0-40ab-baf2-68738e2966ac",  # AllViewerExceptHostHeader
    "33f36d7e-f396-46d9-90e0-52428a34d9dc",  # AllViewerAndCloudFrontHeaders-2022-06
}
"""https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html and
using-managed-cache-policies.html (read 2026-11-30)."""
_A_YEAR = 31_536_000
"""The maximum TTL of a cache policy that names none."""


@dataclass(frozen=True)
class _Behaviour:
    """A behaviour of a distribution, and the property of the distribution that holds it."""

    inputs: Inputs
    holder: str
    pattern: str


def _behaviours(distribution: Inputs) -> Iterator[_Behaviour]:
    for one in distribution.parts("orderedCacheBehaviors"):
        yield _Behaviour(one, "orderedCacheBehaviors", one.text("pathPattern"))
    yield _Behaviour(distribution.part("defaultCacheBehavior"), "defaultCacheBehavior", "*")


def _serving(distribution: Inputs, route: Inputs) -> Iterator[_Behaviour]:
    """Yield each behaviour that a request for the route can meet: the first match counts."""
    path = path_of(route.text("routeKey"))
    for behaviour in _behaviours(distribution):
        if may_match(behaviour.pattern, path):
            yield behaviour
        if matches_all(behaviour.pattern, path):
            return


def _is_api_origin(graph: StackInputs, distribution: Inputs, origin: Inputs) -> bool:
    host = known_text(origin, "domainName")
    addresses = {urlsplit(url).hostname for api in graph.of(API) for url in names_of(api, "apiEndpoint")}
    own = referred_to(distribution, "origins", host, graph.of(DOMAIN_NAME), "domainName")
    return bool(own) or (host in addresses if host else bool(graph.behind(distribution, "origins", API)))


def _api_distributions(graph: StackInputs) -> Iterator[tuple[Inputs, dict[str, Inputs]]]:
    """Yield each distribution before an API of the stack, with those origins that lead to it by their ids."""
    for distribution in graph.of(DISTRIBUTION):
        origins = {
            origin.text("originId"): origin
            for origin in distribution.parts("origins")
            if _is_api_origin(graph, distribution, origin)
        }
        if origins:
            yield distribution, origins


def _for_authorized_routes(holds: Callable[[StackInputs, Inputs, _Behaviour, Inputs], bool]) -> StackCheck:
    """Return whether it holds for each behaviour that can serve a route with an authorizer."""

    def check(graph: StackInputs, _stack: Stack) -> bool | Violations:
        routes = [one for one in graph.of(ROUTE) if one.text("authorizationType", "NONE") != "NONE"]

        def guarded(distribution: Inputs) -> bool:
            return all(
                holds(graph, distribution, behaviour, route)
                for route in routes
                for behaviour in _serving(distribution, route)
            )

        return every((distribution for distribution, _ in _api_distributions(graph)), guarded)

    return check


def _caching_is_disabled(graph: StackInputs, distribution: Inputs, behaviour: _Behaviour, _route: Inputs) -> bool:
    if not behaviour.inputs.has("cachePolicyId"):
        return behaviour.inputs.number("maxTtl", _A_YEAR) == 0
    policy = known_text(behaviour.inputs, "cachePolicyId")
    own = referred_to(distribution, behaviour.holder, policy, graph.of(CACHE_POLICY))
    return policy == _CACHING_DISABLED or (bool(own) and all(one.number("maxTtl", _A_YEAR) == 0 for one in own))


def _headers(policy: Inputs) -> set[str]:
    return {name.lower() for name in policy.texts("headersConfig.headers.items")}


def _passes_authorization(policy: Inputs) -> bool:
    behaviour = policy.text("headersConfig.headerBehavior")
    if behaviour == "allExcept":
        return "authorization" not in _headers(policy)
    return behaviour in {"allViewer", "allViewerAndWhitelistCloudFront"}


def _forwards_authorization(graph: StackInputs, distribution: Inputs, behaviour: _Behaviour, _route: Inputs) -> bool:
    inputs = behaviour.inputs
    if not inputs.has("originRequestPolicyId"):
        forwarded = {name.lower() for name in inputs.texts("forwardedValues.headers")}
        return bool(forwarded & {"*", "authorization"})
    policy = known_text(inputs, "originRequestPolicyId")
    own = referred_to(distribution, behaviour.holder, policy, graph.of(ORIGIN_REQUEST_POLICY))
    return policy in _ALL_VIEWER or (bool(own) and all(_passes_authorization(one) for one in own))


def _allows_route_methods(_graph: StackInputs, _distribution: Inputs, behaviour: _Behaviour, route: Inputs) -> bool:
    return methods_of(route.text("routeKey")) <= set(behaviour.inputs.texts("allowedMethods"))


def _origin_is_api(graph: StackInputs, distribution: Inputs, behaviour: _Behaviour, _route: Inputs) -> bool:
    own = dict(_api_distributions(graph))[distribution]
    return behaviour.inputs.text("targetOriginId") in own


def _key(origin: Inputs) -> str:
    return next(
        (one.text("value") for one in origin.parts("customHeaders") if one.text("name").lower() == KEY_HEADER), ""
    )


def _digests(function: Inputs) -> str:
    return function.text(f"environment.variables.{DIGESTS}")


def _sends_accepted_key(graph: StackInputs, _stack: Stack) -> bool | Violations:
    def sends(distribution: Inputs) -> bool:
        origins = dict(_api_distributions(graph))[distribution].values()
        accepted = [digests for function in graph.of(FUNCTION) if (digests := _digests(function))]
        return bool(accepted) and all(accepts(digests, _key(origin)) for origin in origins for digests in accepted)

    return every((distribution for distribution, _ in _api_distributions(graph)), sends)


@for_each(FUNCTION)
def _receives_accepted_key(function: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    """Return whether a function that accepts requests with a key alone is called by an edge that sends one."""
    digests = _digests(function)
    keys = [_key(origin) for _, origins in _api_distributions(graph) for origin in origins.values()]
    return not digests or any(accepts(digests, key) for key in keys)


def _users(graph: StackInputs, acl: Inputs) -> tuple[Inputs, ...]:
    ways = ((DISTRIBUTION, "webAclId"), (WEB_ACL_ASSOCIATION, "webAclArn"))
    return tuple(
        user
        for type_, path in ways
        for user in graph.of(type_)
        if user.has(path) and referred_to(user, path, known_text(user, path), (acl,), "arn")
    )


def _is_attached(graph: StackInputs, _stack: Stack) -> bool | Violations:
    """Ignore web ACLs of stacks without a distribution, which other stacks attach."""
    return every(graph.of(WEB_ACL) if graph.of(DISTRIBUTION) else (), lambda acl: bool(_users(graph, acl)))


@for_each(WEB_ACL)
def _has_cloudfront_scope(acl: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    users = {one.resource.type for one in _users(graph, acl)}
    return DISTRIBUTION not in users or acl.text("scope") == "CLOUDFRONT"


cloudfront_api_uncached = StackRule(
    name="cloudfront-api-uncached",
    description="CloudFront does not cache responses of routes with an authorizer",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    message="a behavior for routes with an authorizer has a cache policy other than CachingDisabled, or a maxTtl "
    "above 0; one caller's response may be served to another; set cachePolicyId to that of Managed-CachingDisabled",
    check=_for_authorized_routes(_caching_is_disabled),
)

cloudfront_api_forwarded = StackRule(
    name="cloudfront-api-forwarded",
    description="CloudFront forwards API requests with their method and Authorization header",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    checks={
        "a behavior for routes with an authorizer does not forward Authorization, so callers get 401; set "
        "originRequestPolicyId to that of Managed-AllViewerExceptHostHeader": _for_authorized_routes(
            _forwards_authorization
        ),
        "allowedMethods of a behavior lacks methods of the API's routes, so callers get 403; add them": (
            _for_authorized_routes(_allows_route_methods)
        ),
        "a behavior for routes with an authorizer has another origin than the API of this stack, which receives "
        "callers' tokens; set targetOriginId to the API's, or narrow pathPattern": _for_authorized_routes(
            _origin_is_api
        ),
    },
)

cloudfront_origin_key = StackRule(
    name="cloudfront-origin-key",
    description="CloudFront sends the origin key that the function accepts",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    checks={
        f"the API's origin has no custom header {KEY_HEADER}, or its SHA-256 is not in {DIGESTS} of the "
        "function; set both from the secret origin-key": _sends_accepted_key,
        f"{DIGESTS} accepts only requests with a key, and no distribution sends one to the API of this stack; add "
        f"the header {KEY_HEADER} to its origin, or remove the variable": _receives_accepted_key,
    },
)

waf_attached = StackRule(
    name="waf-attached",
    description="Web ACLs have the scope CLOUDFRONT and are attached to a distribution",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS_WHERE_KEPT,
    controls=controls("FSBP: CloudFront.6"),
    checks={
        "no distribution of the stack has this web ACL; set its webAclId to the ACL's ARN": _is_attached,
        "scope is not CLOUDFRONT, so CloudFront cannot use the web ACL; set it": _has_cloudfront_scope,
    },
)
