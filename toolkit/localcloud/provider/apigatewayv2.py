"""API Gateway HTTP APIs: APIs, stages, authorizers, integrations, routes, domain names and API mappings."""

import hashlib
from typing import Any

from toolkit.localcloud.gateway.parameter_mapping import MappingError, read_changes
from toolkit.localcloud.provider.entry import Aws, Entry, Properties
from toolkit.localcloud.provider.errors import ProviderError
from toolkit.resource_types import apigatewayv2 as types


class _Api(Entry):
    def computed(self, aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        api = found["apiId"]
        return {
            "arn": f"arn:aws:apigateway:{aws.region}::/apis/{api}",
            "apiEndpoint": f"https://{api}.execute-api.{aws.region}.amazonaws.com",
            "executionArn": aws.arn("execute-api", api),
        }

    def update(self, aws: Aws, api: str, state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
        if "corsConfiguration" in changed and not wanted.get("corsConfiguration"):
            aws.client("apigatewayv2").delete_cors_configuration(ApiId=api)
        super().update(aws, api, state, wanted, changed)


class _Stage(Entry):
    def request(self, wanted: Properties) -> Properties:
        if wanted.get("routeSettings") is None:
            return wanted
        settings = {each["routeKey"]: {**each, "routeKey": None} for each in wanted["routeSettings"]}
        return {**wanted, "routeSettings": settings}

    def computed(self, aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        api, name = found["apiId"], found["name"]
        path = "" if name == "$default" else name
        settings = found.get("routeSettings")
        return {
            "arn": f"arn:aws:apigateway:{aws.region}::/apis/{api}/stages/{name}",
            "executionArn": f"{aws.arn('execute-api', api)}/{name}",
            "invokeUrl": f"https://{api}.execute-api.{aws.region}.amazonaws.com/{path}",
            "routeSettings": [{"routeKey": key, **settings[key]} for key in settings] if settings else None,
        }

    def update(
        self, aws: Aws, resource_id: str, state: Properties, wanted: Properties, changed: frozenset[str]
    ) -> None:
        settings = {"routeSettings": [], "stageVariables": {}, "description": "", **wanted}
        where = self.where(resource_id, {"apiId": state["apiId"]})
        changes = {name: settings.get(name) for name in changed}
        self.call(aws, "update_stage", {**self.request(changes), **where})

    def tag(self, aws: Aws, resource_id: str, state: Properties, tags: Properties, _removed: Properties) -> None:
        """Create the stage again with its tags: moto tags only APIs and VPC links."""
        self.create(aws, {**self.where(resource_id, state), "tagsAll": tags})


class _Integration(Entry):
    def request(self, wanted: Properties) -> Properties:
        """Return the inputs. Raises ProviderError for an integration that the local gateway does not support."""
        if wanted.get("credentialsArn"):
            raise ProviderError("credentialsArn is not supported locally: give the function a permission instead")
        try:
            read_changes(wanted.get("requestParameters") or {})
        except MappingError as error:
            raise ProviderError(str(error)) from error
        return wanted


class _Domain(Entry):
    def request(self, wanted: Properties) -> Properties:
        return {**wanted, "domainNameConfiguration": [wanted["domainNameConfiguration"]]}

    def computed(self, aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        domain = found["domainName"]
        label = hashlib.sha256(domain.encode()).hexdigest()[:10]
        return {
            "arn": f"arn:aws:apigateway:{aws.region}::/domainnames/{domain}",
            "domainNameConfiguration": {
                **found["domainNameConfiguration"][0],
                "targetDomainName": f"d-{label}.execute-api.{aws.region}.amazonaws.com",
                "hostedZoneId": "Z1U9ULNL0V5AJ3",
            },
        }

    def tag(self, aws: Aws, resource_id: str, state: Properties, tags: Properties, removed: Properties) -> None:
        """Do nothing: moto tags only APIs and VPC links."""


ENTRIES = (
    _Api(
        type=types.API,
        service="apigatewayv2",
        noun="api",
        id="{apiId}",
        inputs=frozenset({"name", "description", "corsConfiguration", "disableExecuteApiEndpoint", "protocolType"})
        | {"routeSelectionExpression", "apiKeySelectionExpression", "version", "tags"},
        required=frozenset({"protocolType"}),
        update_defaults={"description": "", "version": ""},
        tag_calls=("tag_resource", "untag_resource", ""),
    ),
    _Stage(
        type=types.STAGE,
        service="apigatewayv2",
        noun="stage",
        imported_id="{apiId}/{name}",
        names={"StageName": "name"},
        inputs=frozenset({"name", "autoDeploy", "description", "accessLogSettings", "defaultRouteSettings"})
        | {"stageVariables", "apiId", "routeSettings", "tags"},
        required=frozenset({"apiId"}),
        tag_calls=("", "", ""),
    ),
    Entry(
        type=types.AUTHORIZER,
        service="apigatewayv2",
        noun="authorizer",
        id="{authorizerId}",
        imported_id="{apiId}/{authorizerId}",
        names={"IdentitySource": "identitySources", "Audience": "audiences"},
        inputs=frozenset({"name", "apiId", "authorizerType", "authorizerUri", "authorizerCredentialsArn"})
        | {"authorizerPayloadFormatVersion", "authorizerResultTtlInSeconds", "enableSimpleResponses"}
        | {"identitySources", "jwtConfiguration"},
        required=frozenset({"apiId", "authorizerType"}),
    ),
    _Integration(
        type=types.INTEGRATION,
        service="apigatewayv2",
        noun="integration",
        id="{integrationId}",
        imported_id="{apiId}/{integrationId}",
        names={"TimeoutInMillis": "timeoutMilliseconds"},
        inputs=frozenset({"apiId", "integrationType", "integrationUri", "integrationMethod", "payloadFormatVersion"})
        | {"timeoutMilliseconds", "connectionType", "connectionId", "credentialsArn", "description"}
        | {"passthroughBehavior", "requestParameters", "tlsConfig"},
        required=frozenset({"apiId", "integrationType"}),
    ),
    Entry(
        type=types.ROUTE,
        service="apigatewayv2",
        noun="route",
        id="{routeId}",
        imported_id="{apiId}/{routeId}",
        inputs=frozenset({"apiId", "routeKey", "target", "authorizationType", "authorizerId", "authorizationScopes"})
        | {"apiKeyRequired", "operationName"},
        required=frozenset({"apiId", "routeKey"}),
    ),
    _Domain(
        type=types.DOMAIN_NAME,
        service="apigatewayv2",
        noun="domain_name",
        id="{domainName}",
        names={"DomainNameConfigurations": "domainNameConfiguration"},
        inputs=frozenset({"domainName", "domainNameConfiguration", "tags"}),
        required=frozenset({"domainName", "domainNameConfiguration"}),
        not_returned=frozenset({"tagsAll"}),
        tag_calls=("", "", ""),
    ),
    Entry(
        type=types.API_MAPPING,
        service="apigatewayv2",
        noun="api_mapping",
        id="{apiMappingId}",
        imported_id="{apiMappingId}/{domainName}",
        inputs=frozenset({"apiId", "apiMappingKey", "domainName", "stage"}),
        required=frozenset({"apiId", "domainName", "stage"}),
        update_defaults={"apiMappingKey": ""},
    ),
)
