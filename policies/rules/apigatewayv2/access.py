"""Rules on who may call an HTTP API, and from where."""

from policies.bounds import bounds_of, page_is_allowed
from toolkit.policy.rule import Level, Levels, ResourceRule, Severity, controls
from toolkit.policy.stack import Stack
from toolkit.resource_types.apigatewayv2 import API, AUTHORIZER, INTEGRATION, ROUTE
from toolkit.stacks.inputs import Inputs, every


def _authorized(route: Inputs, stack: Stack) -> bool:
    kind = route.text("authorizationType", "NONE")
    if kind == "NONE":
        return route.text("routeKey") in bounds_of(stack).open_routes
    return kind == "AWS_IAM" or route.has("authorizerId")


def _is_jwt(authorizer: Inputs) -> bool:
    return authorizer.text("authorizerType", "JWT") == "JWT"


def _has_no_wildcard_origin(api: Inputs) -> bool:
    origins = api.entries("corsConfiguration.allowOrigins")
    return every(origins, lambda origin: "*" not in origin.text("")) is True


def _uses_https(integration: Inputs, _stack: Stack) -> bool:
    proxied = integration.text("integrationType") in {"HTTP", "HTTP_PROXY"}
    private = integration.text("connectionType", "INTERNET") == "VPC_LINK"
    return not proxied or private or integration.text("integrationUri").startswith("https://")


apigw_route_authorized = ResourceRule(
    name="apigw-route-authorized",
    description="API Gateway routes have an authorizer, except the listed open routes",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    controls=controls(
        "FSBP: APIGateway.8; NAG: APIG4; CHECKOV: CKV_AWS_309; PROWLER: apigatewayv2_api_authorizers_enabled"
    ),
    types=(ROUTE,),
    message="authorizationType is NONE or authorizerId is absent, so the route is public; set JWT and the authorizer, "
    "or add the route to open_routes",
    check=_authorized,
    deviates=lambda route: route.text("authorizationType", "NONE") == "NONE",
)

apigw_jwt_complete = ResourceRule(
    name="apigw-jwt-complete",
    description="JWT authorizers set an HTTPS issuer, audiences and a header as identity source",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    types=(AUTHORIZER,),
    checks={
        "jwtConfiguration.issuer is no https URL; set it to that of the user pool": (
            lambda authorizer, _: (
                not _is_jwt(authorizer) or authorizer.text("jwtConfiguration.issuer").startswith("https://")
            )
        ),
        "jwtConfiguration.audiences is empty, so tokens of any client are accepted; list the clients": (
            lambda authorizer, _: not _is_jwt(authorizer) or bool(authorizer.entries("jwtConfiguration.audiences"))
        ),
        "identitySources is empty; set it to $request.header.Authorization": (
            lambda authorizer, _: not _is_jwt(authorizer) or bool(authorizer.entries("identitySources"))
        ),
        "identitySources reads tokens from the query string, which logs and browsers keep; use a header": (
            lambda authorizer, _: every(
                authorizer.entries("identitySources"), lambda one: not one.text("").startswith("$request.querystring.")
            )
        ),
    },
)

apigw_cors_bounded = ResourceRule(
    name="apigw-cors-bounded",
    description="The CORS configuration of an API has no wildcard origin",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("CHECKOV: CKV2_AWS_75"),
    types=(API,),
    message="corsConfiguration.allowOrigins has a *; list the origins",
    check=lambda api, _: every(
        api.entries("corsConfiguration.allowOrigins"), lambda origin: "*" not in origin.text("")
    ),
)

apigw_cors_credentials = ResourceRule(
    name="apigw-cors-credentials",
    description="The CORS configuration of an API does not allow credentials from any origin",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    types=(API,),
    message="corsConfiguration.allowCredentials is true while allowOrigins has a *; list the origins, or set it to "
    "false",
    check=lambda api, _: not api.flag("corsConfiguration.allowCredentials") or _has_no_wildcard_origin(api),
)

apigw_cors_https = ResourceRule(
    name="apigw-cors-https",
    description="The CORS configuration of an API lists only HTTPS origins",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(API,),
    message="corsConfiguration.allowOrigins has an origin without https; list https origins",
    check=lambda api, stack: every(
        api.entries("corsConfiguration.allowOrigins"), lambda origin: page_is_allowed(origin.text(""), stack)
    ),
)

apigw_payload_format = ResourceRule(
    name="apigw-payload-format",
    description="Lambda integrations use payload format 2.0",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(INTEGRATION,),
    message="payloadFormatVersion is not 2.0 (1.0 by default), so the function does not find the claims of the token; "
    "set it to 2.0",
    check=lambda integration, _: (
        integration.text("integrationType") != "AWS_PROXY"
        or integration.has("integrationSubtype")
        or integration.text("payloadFormatVersion", "1.0") == "2.0"
    ),
)

apigw_private_https = ResourceRule(
    name="apigw-private-https",
    description="Private integrations use TLS",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    controls=controls("FSBP: APIGateway.10"),
    types=(INTEGRATION,),
    message="connectionType is VPC_LINK without tlsConfig, so requests are not encrypted; set "
    "tlsConfig.serverNameToVerify",
    check=lambda integration, _: (
        integration.text("connectionType", "INTERNET") != "VPC_LINK" or integration.has("tlsConfig")
    ),
)

apigw_upstream_https = ResourceRule(
    name="apigw-upstream-https",
    description="HTTP integrations call HTTPS URLs",
    severity=Severity.HIGH,
    levels=Levels(Level.MANDATORY, Level.MANDATORY, local=Level.DISABLED),  # its upstream is the machine itself
    types=(INTEGRATION,),
    message="integrationUri is no https URL; set one",
    check=_uses_https,
)
