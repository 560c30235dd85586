"""Rules on who may call an HTTP API, and from where."""

from policies.addresses import page_is_allowed
from policies.bounds import bounds_of
from toolkit.policy.rule import (
    BLOCKS,
    WARNS_THEN_BLOCKS,
    Level,
    Levels,
    ResourceRule,
    Severity,
    controls,
)
from toolkit.policy.stack import Stack
from toolkit.resource_types.apigatewayv2 import API, AUTHORIZER, INTEGRATION, ROUTE
from toolkit.stacks.facts import Facts, every


def _authorized(route: Facts, stack: Stack) -> bool:
    kind = route.text("authorizationType", "NONE")
    if kind == "NONE":
        return route.text("routeKey") in bounds_of(stack).open_routes
    return kind == "AWS_IAM" or route.has("authorizerId")


def _reads_tokens(authorizer: Facts) -> bool:
    return authorizer.text("authorizerType", "JWT") == "JWT"


def _named(api: Facts) -> bool:
    origins = api.entries("corsConfiguration.allowOrigins")
    return every(origins, lambda origin: "*" not in origin.text("")) is True


def _encrypted(integration: Facts) -> bool:
    proxied = integration.text("integrationType") in {"HTTP", "HTTP_PROXY"}
    private = integration.text("connectionType", "INTERNET") == "VPC_LINK"
    return not proxied or private or integration.text("integrationUri").startswith("https://")


apigw_route_authorized = ResourceRule(
    name="apigw-route-authorized",
    says="Every route asks who calls, but for those that this project knows to be open.",
    severity=Severity.CRITICAL,
    levels=BLOCKS,
    controls=controls(
        "FSBP: APIGateway.8; NAG: APIG4; CHECKOV: CKV_AWS_309; PROWLER: apigatewayv2_api_authorizers_enabled"
    ),
    types=(ROUTE,),
    checks={
        "the route is open to all (authorizationType NONE) or has no authorizerId; set"
        " authorizationType to JWT and name the authorizer, or have the route reviewed into open_routes": _authorized
    },
)

apigw_jwt_complete = ResourceRule(
    name="apigw-jwt-complete",
    says="Tokens count only from one issuer, for named clients, in a named place.",
    severity=Severity.CRITICAL,
    levels=BLOCKS,
    types=(AUTHORIZER,),
    checks={
        "jwtConfiguration.issuer is no https address; set it to the pool's": (
            lambda authorizer, _: (
                not _reads_tokens(authorizer) or authorizer.text("jwtConfiguration.issuer").startswith("https://")
            )
        ),
        "jwtConfiguration.audiences is empty, so a token for any client counts; name the clients": (
            lambda authorizer, _: (
                not _reads_tokens(authorizer) or bool(authorizer.entries("jwtConfiguration.audiences"))
            )
        ),
        "identitySources is empty; set it to $request.header.Authorization": (
            lambda authorizer, _: not _reads_tokens(authorizer) or bool(authorizer.entries("identitySources"))
        ),
        "identitySources takes tokens from the query string, which logs and browsers keep; take them from a header": (
            lambda authorizer, _: every(
                authorizer.entries("identitySources"), lambda one: not one.text("").startswith("$request.querystring.")
            )
        ),
    },
)

apigw_cors_bounded = ResourceRule(
    name="apigw-cors-bounded",
    says="Only pages that are named may call the API.",
    severity=Severity.MEDIUM,
    levels=WARNS_THEN_BLOCKS,
    controls=controls("CHECKOV: CKV2_AWS_75"),
    types=(API,),
    checks={
        "corsConfiguration.allowOrigins has a *; name the pages": (
            lambda api, _: every(
                api.entries("corsConfiguration.allowOrigins"), lambda origin: "*" not in origin.text("")
            )
        )
    },
)

apigw_cors_credentials = ResourceRule(
    name="apigw-cors-credentials",
    says="No page of a stranger may call the API with the cookies of whoever reads it.",
    severity=Severity.HIGH,
    levels=BLOCKS,
    types=(API,),
    checks={
        "corsConfiguration.allowCredentials is on while allowOrigins has a *; name the pages or turn it off": (
            lambda api, _: not api.flag("corsConfiguration.allowCredentials") or _named(api)
        )
    },
)

apigw_cors_https = ResourceRule(
    name="apigw-cors-https",
    says="Pages that may call the API were loaded over TLS.",
    severity=Severity.MEDIUM,
    levels=WARNS_THEN_BLOCKS,
    types=(API,),
    checks={
        "corsConfiguration.allowOrigins has a page that is not loaded by https; name https addresses": (
            lambda api, stack: every(
                api.entries("corsConfiguration.allowOrigins"), lambda origin: page_is_allowed(origin.text(""), stack)
            )
        )
    },
)

apigw_payload_format = ResourceRule(
    name="apigw-payload-format",
    says="Functions get events of the payload format 2.0, which the service reads.",
    severity=Severity.MEDIUM,
    levels=WARNS_THEN_BLOCKS,
    types=(INTEGRATION,),
    checks={
        "payloadFormatVersion is not 2.0 (1.0 by default), so the function does not find the claims of the token; set"
        " it to 2.0": lambda integration, _: (
            integration.text("integrationType") != "AWS_PROXY"
            or integration.has("integrationSubtype")
            or integration.text("payloadFormatVersion", "1.0") == "2.0"
        )
    },
)

apigw_private_https = ResourceRule(
    name="apigw-private-https",
    says="Calls into a network are encrypted there too.",
    severity=Severity.MEDIUM,
    levels=BLOCKS,
    controls=controls("FSBP: APIGateway.10"),
    types=(INTEGRATION,),
    checks={
        "connectionType is VPC_LINK without tlsConfig, so calls go in clear; set tlsConfig.serverNameToVerify": (
            lambda integration, _: (
                integration.text("connectionType", "INTERNET") != "VPC_LINK" or integration.has("tlsConfig")
            )
        )
    },
)

apigw_upstream_https = ResourceRule(
    name="apigw-upstream-https",
    says="Calls to other services, which carry the caller's token, are encrypted.",
    severity=Severity.HIGH,
    levels=Levels(Level.MANDATORY, Level.MANDATORY, local=Level.DISABLED),  # its upstream is the machine itself
    types=(INTEGRATION,),
    checks={
        "integrationUri is no https address; name one": lambda integration, _: _encrypted(integration),
    },
)
