"""An HTTP API as data: routes, integrations, authorizers, CORS and stage, read from the embedded API Gateway."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_pascal

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.gateway.parameter_mapping import MappingError, ParameterChange, read_changes
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.throttles import ACCOUNT_BURST, ACCOUNT_RATE, Throttle

LOCAL_PREFIX = "/_local/"
STAGE = "$default"  # the only supported stage; its name is not part of the path
_FUNCTION_ARN = re.compile(r"arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:[\w-]+(?::[\w$-]+)?")
_STAGE_VARIABLE = re.compile(r"\$\{stageVariables\.([^}]*)\}")
_DEFAULT_TIMEOUT_MS = 30_000
ACCOUNT_THROTTLE = Throttle(ACCOUNT_RATE, ACCOUNT_BURST)


class HttpApiError(RefusedError):
    """The API in the embedded API Gateway cannot be served; the message is one sentence with the reason."""


@dataclass(frozen=True, kw_only=True)
class Integration:
    """The target of a route: a function's ARN or an upstream's URL."""

    kind: str
    target: str
    method: str | None
    timeout_seconds: float
    changes: tuple[ParameterChange, ...] = ()


@dataclass(frozen=True, kw_only=True)
class JwtAuthorizer:
    """The tokens that a route accepts."""

    issuer: str
    audience: frozenset[str]
    identity_sources: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Route:
    """One route: `key` is `GET /path/{variable}` or `$default`."""

    key: str
    integration: Integration
    authorizer: JwtAuthorizer | None
    scopes: tuple[str, ...]


class Cors(BaseModel):
    """The API's cross-origin rules, as API Gateway names them."""

    model_config = ConfigDict(frozen=True, alias_generator=to_pascal, populate_by_name=True)

    allow_origins: tuple[str, ...] = ()
    allow_methods: tuple[str, ...] = ()
    allow_headers: tuple[str, ...] = ()
    expose_headers: tuple[str, ...] = ()
    max_age: int | None = None
    """In seconds."""
    allow_credentials: bool = False


@dataclass(frozen=True, kw_only=True)
class DeployedHttpApi:
    """All settings of an API that the gateway uses."""

    api_id: str
    account_id: str
    routes: tuple[Route, ...]
    cors: Cors | None
    default_throttle: Throttle
    route_throttles: Mapping[str, Throttle]
    stage_variables: Mapping[str, str] = field(default_factory=dict)
    access_log_format: str | None = None

    def throttle(self, route_key: str) -> Throttle:
        """The throttle of a route."""
        return self.route_throttles.get(route_key, self.default_throttle)


def read_http_api(connection: AwsConnection, api_id: str, account_id: str) -> DeployedHttpApi:
    """Read an API from the embedded API Gateway. Blocks on the network; raises HttpApiError."""
    client = connection.client("apigatewayv2")
    try:
        api = client.get_api(ApiId=api_id)
        stage_settings = client.get_stage(ApiId=api_id, StageName=STAGE)
        integrations = {item["IntegrationId"]: item for item in client.get_integrations(ApiId=api_id)["Items"]}
        routes = client.get_routes(ApiId=api_id)["Items"]
        # GetAuthorizers in moto returns no more than these
        authorizer_ids = {route["AuthorizerId"] for route in routes if route.get("AuthorizerId")}
        authorizers = {name: client.get_authorizer(ApiId=api_id, AuthorizerId=name) for name in authorizer_ids}
    except (ClientError, BotoCoreError) as error:
        raise HttpApiError(f"The HTTP API {api_id} cannot be read from the embedded API Gateway: {error}") from error
    cors = api.get("CorsConfiguration")
    default_throttle = _throttle(stage_settings.get("DefaultRouteSettings") or {}, ACCOUNT_THROTTLE)
    variables = dict(stage_settings.get("StageVariables") or {})
    return DeployedHttpApi(
        api_id=api_id,
        account_id=account_id,
        routes=tuple(_route(item, integrations, authorizers, variables) for item in routes),
        cors=Cors.model_validate(cors) if cors else None,
        default_throttle=default_throttle,
        route_throttles={
            key: _throttle(settings, default_throttle)
            for key, settings in (stage_settings.get("RouteSettings") or {}).items()
        },
        stage_variables=variables,
        access_log_format=(stage_settings.get("AccessLogSettings") or {}).get("Format"),
    )


def _route(
    item: Mapping[str, Any],
    integrations: Mapping[str, Any],
    authorizers: Mapping[str, Any],
    variables: Mapping[str, str],
) -> Route:
    key = item["RouteKey"]
    if key.partition(" ")[2].startswith(LOCAL_PREFIX):
        raise HttpApiError(
            f"The route {key!r} conflicts with the local cloud's pages: choose a path outside {LOCAL_PREFIX}."
        )
    target = str(item.get("Target", "")).removeprefix("integrations/")
    if target not in integrations:
        raise HttpApiError(f"The route {key!r} has no integration of the API: set its target to integrations/<id>.")
    kind = item.get("AuthorizationType", "NONE")
    if kind not in ("NONE", "JWT"):
        raise HttpApiError(f"The route {key!r} has {kind} authorization; the local cloud supports NONE and JWT.")
    authorizer = None
    if kind == "JWT":
        if item.get("AuthorizerId") not in authorizers:
            raise HttpApiError(f"The route {key!r} has JWT authorization and names no authorizer of the API.")
        authorizer = _authorizer(authorizers[item["AuthorizerId"]])
    scopes = tuple(item.get("AuthorizationScopes") or ())
    integration = _integration(key, integrations[target], variables)
    return Route(key=key, integration=integration, authorizer=authorizer, scopes=scopes)


def _integration(route_key: str, item: Mapping[str, Any], variables: Mapping[str, str]) -> Integration:
    kind, target = item["IntegrationType"], _with_variables(route_key, item.get("IntegrationUri", ""), variables)
    for name in ("ResponseParameters", "CredentialsArn"):
        if item.get(name):
            raise HttpApiError(
                f"The route {route_key!r} has an integration with {name}: the local cloud supports none."
            )
    try:
        changes = read_changes(item.get("RequestParameters") or {})
    except MappingError as error:
        raise HttpApiError(f"The route {route_key!r} has an integration that is not valid. {error}") from error
    if kind == "AWS_PROXY":
        arn = _FUNCTION_ARN.search(target)
        if arn is None or item.get("PayloadFormatVersion") != "2.0":
            raise HttpApiError(
                f"The route {route_key!r} needs a function's ARN with payload format 2.0, not {target!r}."
            )
        target = arn[0]
    elif kind != "HTTP_PROXY":
        raise HttpApiError(
            f"The route {route_key!r} has a {kind} integration; the local cloud supports AWS_PROXY and HTTP_PROXY."
        )
    method = item.get("IntegrationMethod")
    timeout = float(item.get("TimeoutInMillis") or _DEFAULT_TIMEOUT_MS) / 1000
    return Integration(
        kind=kind,
        target=target,
        method=None if method == "ANY" else method,
        timeout_seconds=timeout,
        changes=changes,
    )


def _with_variables(route_key: str, target: str, variables: Mapping[str, str]) -> str:
    """Replace the stage variables in an integration's URI.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html
    """

    def value(match: re.Match[str]) -> str:
        if match[1] not in variables:
            raise HttpApiError(
                f"The route {route_key!r} needs the stage variable {match[1]!r}: add it to the stage {STAGE!r}."
            )
        return variables[match[1]]

    return _STAGE_VARIABLE.sub(value, target)


def _authorizer(item: Mapping[str, Any]) -> JwtAuthorizer:
    jwt = item.get("JwtConfiguration") or {}
    sources = item.get("IdentitySource") or ["$request.header.Authorization"]
    return JwtAuthorizer(
        issuer=str(jwt.get("Issuer", "")),
        audience=frozenset(jwt.get("Audience") or ()),
        identity_sources=tuple([sources] if isinstance(sources, str) else sources),
    )


def _throttle(settings: Mapping[str, Any], fallback: Throttle) -> Throttle:
    """Keep an explicit 0: it rejects every call, as on AWS."""
    rate, burst = settings.get("ThrottlingRateLimit"), settings.get("ThrottlingBurstLimit")
    return Throttle(fallback.rate if rate is None else float(rate), fallback.burst if burst is None else int(burst))
