"""Rules between user pools, their clients and the API."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from toolkit.policy.rule import Levels, Severity, StackRule, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.apigatewayv2 import API, DOMAIN_NAME, ROUTE
from toolkit.resource_types.cloudfront import DISTRIBUTION
from toolkit.resource_types.cognito import IDENTITY_PROVIDER, RESOURCE_SERVER, USER_POOL, USER_POOL_CLIENT
from toolkit.resource_types.lambda_ import ALIAS, FUNCTION
from toolkit.resource_types.s3 import BUCKET_CORS
from toolkit.stacks.inputs import Inputs, StackInputs, Violations, every
from toolkit.stacks.references import known_text, named_by, names_of, referred_to

_BUILT_IN_PROVIDERS = {"COGNITO", "Facebook", "Google", "LoginWithAmazon", "SignInWithApple"}
_UPLOADS = frozenset({"PUT", "POST"})
_TRIGGERS = (
    *("createAuthChallenge", "customMessage", "defineAuthChallenge", "postAuthentication", "postConfirmation"),
    *("preAuthentication", "preSignUp", "preTokenGeneration", "userMigration", "verifyAuthChallengeResponse"),
    *("customEmailSender.lambdaArn", "customSmsSender.lambdaArn", "preTokenGenerationConfig.lambdaArn"),
)


def _allowed_pages(graph: StackInputs) -> set[str]:
    """Return the origins that may call the APIs of the stack from a browser, its own names included."""
    apis = graph.of(API)
    origins = {origin for api in apis for origin in api.texts("corsConfiguration.allowOrigins")}
    own = [*(one.text("domainName") for one in graph.of(DOMAIN_NAME))]
    own += [name for one in graph.of(DISTRIBUTION) for name in one.texts("aliases")]
    addresses = {name for api in apis for name in names_of(api, "apiEndpoint") if name.startswith("https://")}
    return origins | addresses | {f"https://{name}" for name in own}


def _origin(page: str) -> str:
    parts = urlsplit(page)
    return f"{parts.scheme}://{parts.netloc}"


def _callback_origins_are_allowed(graph: StackInputs, _stack: Stack) -> bool | Violations:
    """Ignore clients with a secret and URLs of other schemes: servers and native applications need no CORS."""
    restricted = any(api.has("corsConfiguration.allowOrigins") for api in graph.of(API))

    def known(client: Inputs) -> bool:
        pages = {*client.texts("callbackUrls"), *client.texts("logoutUrls")}
        origins = {_origin(page) for page in pages if page.startswith(("https://", "http://"))}
        return not restricted or client.flag("generateSecret") or origins <= _allowed_pages(graph)

    return every(graph.of(USER_POOL_CLIENT), known)


def _cors_origins_agree(graph: StackInputs, _stack: Stack) -> bool | Violations:
    apis = [set(api.texts("corsConfiguration.allowOrigins")) for api in graph.of(API) if api.has("corsConfiguration")]

    def same(bucket: Inputs) -> bool:
        rules = [one for one in bucket.parts("corsRules") if _UPLOADS & set(one.texts("allowedMethods"))]
        pages = {page for one in rules for page in one.texts("allowedOrigins")}
        return not pages or not apis or pages in apis

    return every(graph.of(BUCKET_CORS), same)


def _pool(graph: StackInputs, user: Inputs) -> tuple[Inputs, ...]:
    return named_by(graph, user, "userPoolId", USER_POOL)


def _defined_scopes(graph: StackInputs, client: Inputs) -> Iterator[str]:
    pools = _pool(graph, client)
    for server in graph.of(RESOURCE_SERVER):
        if set(pools) & set(_pool(graph, server)):
            for scope in server.parts("scopes"):
                yield f"{server.text('identifier')}/{scope.text('scopeName')}"


@for_each(USER_POOL_CLIENT)
def _requests_defined_scopes(client: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    own = {scope for scope in client.texts("allowedOauthScopes") if "/" in scope}
    return not own or own <= set(_defined_scopes(graph, client))


def _route_scopes_are_granted(graph: StackInputs, _stack: Stack) -> bool | Violations:
    """API Gateway accepts a token that has one of the route's scopes.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html (read 2026-11-30)
    """
    clients = graph.of(USER_POOL_CLIENT)
    granted = {scope for client in clients for scope in client.texts("allowedOauthScopes")} if clients else set()

    def granted_to_some(route: Inputs) -> bool:
        required = set(route.texts("authorizationScopes"))
        return not required or not clients or required <= granted

    return every(graph.of(ROUTE), granted_to_some)


def _triggers_are_functions_of_stack(graph: StackInputs, _stack: Stack) -> bool | Violations:
    functions = graph.of(FUNCTION, ALIAS)

    def own(pool: Inputs) -> bool:
        triggers = [path for name in _TRIGGERS if pool.has(path := f"lambdaConfig.{name}")]
        return all(referred_to(pool, "lambdaConfig", known_text(pool, path), functions, "arn") for path in triggers)

    return every(graph.of(USER_POOL), own)


def _has_known_providers(graph: StackInputs, _stack: Stack) -> bool | Violations:
    known = _BUILT_IN_PROVIDERS | {one.text("providerName") for one in graph.of(IDENTITY_PROVIDER)}
    return every(graph.of(USER_POOL_CLIENT), lambda client: set(client.texts("supportedIdentityProviders")) <= known)


sign_in_returns_to_callers = StackRule(
    name="sign-in-pages-known",
    description="Callback and sign-out URLs have an origin that the API allows",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    message="callbackUrls or logoutUrls of a client without a secret has an origin outside allowOrigins of the API, "
    "so another site may receive codes; remove it, or add the origin to api.cors-origins",
    check=_callback_origins_are_allowed,
)

cors_origins_agree = StackRule(
    name="cors-origins-agree",
    description="The API and its upload buckets allow the same CORS origins",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    message="allowedOrigins of an upload bucket differ from the API's allowOrigins; set api.cors-origins",
    check=_cors_origins_agree,
)

sign_in_scopes_offered = StackRule(
    name="sign-in-scopes-offered",
    description="Scopes of clients and routes are defined by a resource server of the user pool",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    checks={
        "allowedOauthScopes has a scope that no resource server of the client's pool defines; take it from "
        "scopeIdentifiers": _requests_defined_scopes,
        "authorizationScopes has a scope that no client of this stack may request; use one of allowedOauthScopes": (
            _route_scopes_are_granted
        ),
    },
)

sign_in_triggers_own = StackRule(
    name="sign-in-triggers-own",
    description="Lambda triggers and identity providers of a user pool belong to the same stack",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    checks={
        "lambdaConfig has a function that is not of this stack, which may accept users or change claims; use one "
        "of this stack": _triggers_are_functions_of_stack,
        "supportedIdentityProviders has a name that is no IdentityProvider of this stack; add it, or remove the name": (
            _has_known_providers
        ),
    },
)
