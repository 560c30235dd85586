"""The HTTP API: explicit routes, with a JWT authorizer on all but the public ones."""

import json
from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.routes import Route, function_routes, route_throttles, upstream_routes
from infrastructure.settings.groups import ApiSettings

# No value with a length that callers choose (path, user agent): it would multiply the cost of an attack. The
# function logs the path of a request that fails.
_ACCESS_LOG = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "ip": "$context.identity.sourceIp",
    "routeKey": "$context.routeKey",
    "method": "$context.httpMethod",
    "status": "$context.status",
    "latency": "$context.responseLatency",
    "integrationLatency": "$context.integrationLatency",
    "responseLength": "$context.responseLength",
    "authorizerError": "$context.authorizer.error",
    "integrationError": "$context.integrationErrorMessage",
}

_ALLOWED_HEADERS = ("authorization", "content-type", "idempotency-key", "if-match", "if-none-match")
_EXPOSED_HEADERS = (
    "etag",
    "location",
    "ratelimit",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "retry-after",
    "x-request-id",
)


@dataclass(frozen=True, kw_only=True)
class HttpApiArgs:
    """The function, the authorizer and the throttles; with a custom domain the default endpoint is disabled."""

    settings: ApiSettings
    docs: bool
    has_custom_domain: bool
    access_log_name: str
    log_key: pulumi.Input[str] | None
    issuer: pulumi.Input[str]
    audiences: tuple[pulumi.Input[str], ...]
    function_name: pulumi.Input[str]
    function_alias: pulumi.Input[str]
    function_invoke_arn: pulumi.Input[str]


@final
class HttpApi(pulumi.ComponentResource):
    """Explicit routes to the function's alias and to upstreams, throttled and logged.

    Creates: aws.apigatewayv2.Api, Authorizer, Stage, a Route per route, an Integration for the function and one per
    upstream, aws.cloudwatch.LogGroup, aws.lambda_.Permission.
    """

    id: pulumi.Output[str]
    url: pulumi.Output[str]
    stage: pulumi.Output[str]

    def __init__(self, name: str, args: HttpApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:network:HttpApi", name, None, opts)
        self._name, self._args, self._child = name, args, pulumi.ResourceOptions(parent=self)
        self._routes: list[aws.apigatewayv2.Route] = []
        self._api = api = self._create_api()
        authorizer = self._authorizer(f"{name}-authorizer", "tokens", "Authorization")
        self._function_routes(authorizer)
        if header := args.settings.upstream_token_header if args.settings.upstreams else None:
            authorizer = self._authorizer(f"{name}-upstream-authorizer", "upstream-tokens", header)
        self._upstream_routes(authorizer)
        stage = self._stage()
        aws.lambda_.Permission(
            f"{name}-may-invoke",
            action="lambda:InvokeFunction",
            function=args.function_name,
            qualifier=args.function_alias,
            principal="apigateway.amazonaws.com",
            source_arn=pulumi.Output.concat(api.execution_arn, "/*/*"),
            opts=self._child,
        )
        self.id, self.url, self.stage = api.id, api.api_endpoint, stage.name
        self.register_outputs({"id": self.id, "url": self.url, "stage": self.stage})

    def _create_api(self) -> aws.apigatewayv2.Api:
        settings = self._args.settings
        cors = aws.apigatewayv2.ApiCorsConfigurationArgs(
            allow_origins=list(settings.cors_origins),
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=[*_ALLOWED_HEADERS, *([header] if (header := settings.upstream_token_header) else [])],
            expose_headers=list(_EXPOSED_HEADERS),
            max_age=3600,
        )
        return aws.apigatewayv2.Api(
            f"{self._name}-api",
            description="The items API",
            protocol_type="HTTP",
            cors_configuration=cors if settings.cors_origins else None,
            disable_execute_api_endpoint=self._args.has_custom_domain,
            opts=self._child,
        )

    def _authorizer(self, logical_name: str, name: str, header: str) -> aws.apigatewayv2.Authorizer:
        return aws.apigatewayv2.Authorizer(
            logical_name,
            api_id=self._api.id,
            name=name,
            authorizer_type="JWT",
            identity_sources=[f"$request.header.{header}"],
            jwt_configuration={"issuer": self._args.issuer, "audiences": list(self._args.audiences)},
            opts=self._child,
        )

    def _function_routes(self, authorizer: aws.apigatewayv2.Authorizer) -> None:
        integration = aws.apigatewayv2.Integration(
            f"{self._name}-function",
            api_id=self._api.id,
            integration_type="AWS_PROXY",
            integration_method="POST",
            integration_uri=self._args.function_invoke_arn,
            payload_format_version="2.0",
            timeout_milliseconds=30_000,
            opts=self._child,
        )
        for route in function_routes(docs=self._args.docs):
            self._route(route, authorizer, integration)

    def _upstream_routes(self, authorizer: aws.apigatewayv2.Authorizer) -> None:
        """Create the routes of upstreams, without the access token if the settings name a header for it.

        Authorization is a reserved header: API Gateway rejects a mapping that removes it.
        https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
        """
        settings = self._args.settings
        header = settings.upstream_token_header
        for upstream, routes in upstream_routes(settings.upstreams).items():
            integration = aws.apigatewayv2.Integration(
                f"{self._name}-upstream-{upstream}",
                api_id=self._api.id,
                integration_type="HTTP_PROXY",
                integration_method="ANY",
                integration_uri=f"{settings.upstreams[upstream]}/{{proxy}}",
                payload_format_version="1.0",
                request_parameters={f"remove:header.{header}": "''"} if header else None,
                timeout_milliseconds=30_000,
                opts=self._child,
            )
            for route in routes:
                self._route(route, authorizer, integration)

    def _route(
        self, route: Route, authorizer: aws.apigatewayv2.Authorizer, integration: aws.apigatewayv2.Integration
    ) -> None:
        created = aws.apigatewayv2.Route(
            f"{self._name}-{route.label}",
            api_id=self._api.id,
            route_key=route.key,
            authorization_type="NONE" if route.public else "JWT",
            authorizer_id=None if route.public else authorizer.id,
            target=pulumi.Output.concat("integrations/", integration.id),
            opts=self._child,
        )
        self._routes.append(created)

    def _stage(self) -> aws.apigatewayv2.Stage:
        args = self._args
        logs = aws.cloudwatch.LogGroup(
            f"{self._name}-access-logs",
            name=args.access_log_name,
            retention_in_days=args.settings.access_log_retention_days,
            kms_key_id=args.log_key,
            opts=self._child,
        )
        return aws.apigatewayv2.Stage(
            f"{self._name}-stage",
            api_id=self._api.id,
            name="$default",
            auto_deploy=True,
            access_log_settings={"destination_arn": logs.arn, "format": json.dumps(_ACCESS_LOG)},
            # Always both numbers: a missing one counts as 0 and rejects every request.
            default_route_settings={
                "throttling_rate_limit": args.settings.requests_per_second,
                "throttling_burst_limit": args.settings.burst_requests,
            },
            route_settings=[
                {
                    "route_key": key,
                    "throttling_rate_limit": throttle.rate,
                    "throttling_burst_limit": throttle.burst,
                }
                for key, throttle in route_throttles(args.settings, docs=args.docs).items()
            ],
            # AWS rejects the settings of a route that does not exist yet ("Unable to find Route by key"):
            # https://github.com/terraform-aws-modules/terraform-aws-apigateway-v2/pull/80 (read 2026-11-30)
            opts=pulumi.ResourceOptions(parent=self, depends_on=self._routes),
        )
