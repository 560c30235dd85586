"""API Gateway HTTP APIs: APIs, stages, authorizers, integrations, routes, domain names and API mappings."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from toolkit.localcloud.gateway.parameter_mapping import MappingError, read_changes
from toolkit.localcloud.provider.entry import Aws, Entry, Properties, found_or_none
from toolkit.localcloud.provider.errors import ProviderError
from toolkit.localcloud.provider.fields import Fields, from_aws, to_aws
from toolkit.resource_types import apigatewayv2 as types

CORS = {
    "allowCredentials": "AllowCredentials",
    "allowHeaders": "AllowHeaders",
    "allowMethods": "AllowMethods",
    "allowOrigins": "AllowOrigins",
    "exposeHeaders": "ExposeHeaders",
    "maxAge": "MaxAge",
}
API_UPDATE = {
    "name": "Name",
    "description": "Description",
    "corsConfiguration": ("CorsConfiguration", CORS),
    "disableExecuteApiEndpoint": "DisableExecuteApiEndpoint",
    "routeSelectionExpression": "RouteSelectionExpression",
    "apiKeySelectionExpression": "ApiKeySelectionExpression",
    "version": "Version",
}
API = {**API_UPDATE, "protocolType": "ProtocolType"}
THROTTLES = {
    "throttlingBurstLimit": "ThrottlingBurstLimit",
    "throttlingRateLimit": "ThrottlingRateLimit",
    "detailedMetricsEnabled": "DetailedMetricsEnabled",
    "dataTraceEnabled": "DataTraceEnabled",
    "loggingLevel": "LoggingLevel",
}
STAGE = {
    "name": "StageName",
    "autoDeploy": "AutoDeploy",
    "description": "Description",
    "accessLogSettings": ("AccessLogSettings", {"destinationArn": "DestinationArn", "format": "Format"}),
    "defaultRouteSettings": ("DefaultRouteSettings", THROTTLES),
    "stageVariables": "StageVariables",
}


def _create_api(aws: Aws, wanted: Properties) -> str:
    response = aws.client("apigatewayv2").create_api(**to_aws(wanted, API), Tags=dict(wanted["tagsAll"]))
    return str(response["ApiId"])


def _read_api(aws: Aws, api_id: str, _known: Properties) -> dict[str, Any] | None:
    response = found_or_none(aws.client("apigatewayv2").get_api, ApiId=api_id)
    if response is None:
        return None
    return {
        **from_aws(response, API),
        "arn": f"arn:aws:apigateway:{aws.region}::/apis/{api_id}",
        "apiEndpoint": f"https://{api_id}.execute-api.{aws.region}.amazonaws.com",
        "executionArn": aws.arn("execute-api", api_id),
        "tagsAll": response.get("Tags", {}),
    }


def _update_api(aws: Aws, api_id: str, _state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
    client = aws.client("apigatewayv2")
    if "corsConfiguration" in changed and not wanted.get("corsConfiguration"):
        client.delete_cors_configuration(ApiId=api_id)
    client.update_api(ApiId=api_id, **to_aws({"description": "", "version": "", **wanted}, API_UPDATE))


def _api_tags(aws: Aws, api_id: str, _state: Properties, tags: Mapping[str, str], removed: list[str]) -> None:
    client, arn = aws.client("apigatewayv2"), f"arn:aws:apigateway:{aws.region}::/apis/{api_id}"
    client.tag_resource(ResourceArn=arn, Tags=dict(tags))
    if removed:
        client.untag_resource(ResourceArn=arn, TagKeys=removed)


def _stage_arguments(wanted: Properties) -> dict[str, Any]:
    arguments = to_aws(wanted, STAGE)
    if wanted.get("routeSettings"):
        listed = wanted["routeSettings"]
        arguments["RouteSettings"] = {entry["routeKey"]: to_aws(entry, THROTTLES) for entry in listed}
    return arguments


def _create_stage(aws: Aws, wanted: Properties) -> str:
    arguments = _stage_arguments(wanted)
    aws.client("apigatewayv2").create_stage(ApiId=wanted["apiId"], **arguments, Tags=dict(wanted["tagsAll"]))
    return str(wanted["name"])


def _read_stage(aws: Aws, resource_id: str, known: Properties) -> dict[str, Any] | None:
    api_id, name = parent_and_id(resource_id, known)
    response = found_or_none(aws.client("apigatewayv2").get_stage, ApiId=api_id, StageName=name)
    if response is None:
        return None
    path = "" if name == "$default" else name
    settings = response.get("RouteSettings") or {}
    state = {
        **from_aws(response, STAGE),
        "apiId": api_id,
        "arn": f"arn:aws:apigateway:{aws.region}::/apis/{api_id}/stages/{name}",
        "executionArn": f"{aws.arn('execute-api', api_id)}/{name}",
        "invokeUrl": f"https://{api_id}.execute-api.{aws.region}.amazonaws.com/{path}",
        "tagsAll": response.get("Tags", {}),
    }
    if settings:
        state["routeSettings"] = [{"routeKey": key, **from_aws(entry, THROTTLES)} for key, entry in settings.items()]
    return state


def _update_stage(aws: Aws, resource_id: str, state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
    api_id, name = parent_and_id(resource_id, state)
    settings = {"routeSettings": [], "stageVariables": {}, "description": "", **wanted}
    arguments = _stage_arguments({key: settings.get(key) for key in changed})
    if "routeSettings" in changed:
        arguments.setdefault("RouteSettings", {})
    aws.client("apigatewayv2").update_stage(ApiId=api_id, **{**arguments, "StageName": name})


def _delete_stage(aws: Aws, resource_id: str, outputs: Properties) -> None:
    api_id, name = parent_and_id(resource_id, outputs)
    aws.client("apigatewayv2").delete_stage(ApiId=api_id, StageName=name)


def _stage_tags(aws: Aws, resource_id: str, state: Properties, tags: Mapping[str, str], removed: list[str]) -> None:
    """Create the stage again with its tags: moto tags only APIs and VPC links."""
    api_id, name = parent_and_id(resource_id, state)
    kept = {key: value for key, value in tags.items() if key not in removed}
    arguments = _stage_arguments({**state, "name": name})
    aws.client("apigatewayv2").create_stage(ApiId=api_id, **arguments, Tags=kept)


def parent_and_id(resource_id: str, known: Properties) -> tuple[str, str]:
    """Return the ids of the API and of a resource in it, from `api/id` of an import, or from the outputs."""
    api_id, slash, own = resource_id.partition("/")
    return (api_id, own) if slash else (str(known["apiId"]), resource_id)


AUTHORIZER = {
    "name": "Name",
    "authorizerType": "AuthorizerType",
    "authorizerUri": "AuthorizerUri",
    "authorizerCredentialsArn": "AuthorizerCredentialsArn",
    "authorizerPayloadFormatVersion": "AuthorizerPayloadFormatVersion",
    "authorizerResultTtlInSeconds": "AuthorizerResultTtlInSeconds",
    "enableSimpleResponses": "EnableSimpleResponses",
    "identitySources": "IdentitySource",
    "jwtConfiguration": ("JwtConfiguration", {"audiences": "Audience", "issuer": "Issuer"}),
}
INTEGRATION = {
    "integrationType": "IntegrationType",
    "integrationUri": "IntegrationUri",
    "integrationMethod": "IntegrationMethod",
    "payloadFormatVersion": "PayloadFormatVersion",
    "timeoutMilliseconds": "TimeoutInMillis",
    "connectionType": "ConnectionType",
    "connectionId": "ConnectionId",
    "credentialsArn": "CredentialsArn",
    "description": "Description",
    "passthroughBehavior": "PassthroughBehavior",
    "requestParameters": "RequestParameters",
    "tlsConfig": ("TlsConfig", {"serverNameToVerify": "ServerNameToVerify"}),
}
ROUTE = {
    "routeKey": "RouteKey",
    "target": "Target",
    "authorizationType": "AuthorizationType",
    "authorizerId": "AuthorizerId",
    "authorizationScopes": "AuthorizationScopes",
    "apiKeyRequired": "ApiKeyRequired",
    "operationName": "OperationName",
}


def _check_integration(wanted: Properties) -> None:
    """Raise ProviderError for an integration that the local gateway does not support."""
    if wanted.get("credentialsArn"):
        raise ProviderError("credentialsArn is not supported locally: give the function a permission instead")
    try:
        read_changes(wanted.get("requestParameters") or {})
    except MappingError as error:
        raise ProviderError(str(error)) from error


def _inside_api(
    type: str,
    fields: Fields,
    *,
    required: set[str],
    named: bool = False,
    check: Callable[[Properties], None] = lambda _wanted: None,
) -> Entry:
    """Return the entry of a resource type inside an API; `check` raises ProviderError for unsupported inputs."""
    kind = type.rpartition(":")[2]
    lower, id_name = kind.lower(), f"{kind}Id"

    def create(aws: Aws, wanted: Properties) -> str:
        check(wanted)
        make = getattr(aws.client("apigatewayv2"), f"create_{lower}")
        return str(make(ApiId=wanted["apiId"], **to_aws(wanted, fields))[id_name])

    def read(aws: Aws, resource_id: str, known: Properties) -> dict[str, Any] | None:
        api_id, own = parent_and_id(resource_id, known)
        get = getattr(aws.client("apigatewayv2"), f"get_{lower}")
        response = found_or_none(get, ApiId=api_id, **{id_name: own})
        return response and {**from_aws(response, fields), "apiId": api_id}

    def update(aws: Aws, resource_id: str, state: Properties, wanted: Properties, _changed: frozenset[str]) -> None:
        check(wanted)
        api_id, own = parent_and_id(resource_id, state)
        change = getattr(aws.client("apigatewayv2"), f"update_{lower}")
        change(ApiId=api_id, **{id_name: own}, **to_aws(wanted, fields))

    def delete(aws: Aws, resource_id: str, outputs: Properties) -> None:
        api_id, own = parent_and_id(resource_id, outputs)
        getattr(aws.client("apigatewayv2"), f"delete_{lower}")(ApiId=api_id, **{id_name: own})

    return Entry(
        type=type,
        inputs=frozenset(fields) | {"apiId"},
        required=frozenset(required | {"apiId"}),
        name_property="name" if named else None,
        create=create,
        read=read,
        update=update,
        delete=delete,
    )


DOMAIN = {
    "certificateArn": "CertificateArn",
    "endpointType": "EndpointType",
    "securityPolicy": "SecurityPolicy",
}
MAPPING = {"apiId": "ApiId", "apiMappingKey": "ApiMappingKey", "domainName": "DomainName", "stage": "Stage"}


def _domain_arguments(wanted: Properties) -> dict[str, Any]:
    configuration = to_aws(wanted, {"domainNameConfiguration": ("One", DOMAIN)})["One"]
    return {"DomainName": wanted["domainName"], "DomainNameConfigurations": [configuration]}


def _create_domain(aws: Aws, wanted: Properties) -> str:
    aws.client("apigatewayv2").create_domain_name(**_domain_arguments(wanted), Tags=dict(wanted["tagsAll"]))
    return str(wanted["domainName"])


def _read_domain(aws: Aws, domain: str, _known: Properties) -> dict[str, Any] | None:
    response = found_or_none(aws.client("apigatewayv2").get_domain_name, DomainName=domain)
    if response is None:
        return None
    label = hashlib.sha256(domain.encode()).hexdigest()[:10]
    return {
        "domainName": domain,
        "arn": f"arn:aws:apigateway:{aws.region}::/domainnames/{domain}",
        "domainNameConfiguration": {
            **from_aws(response["DomainNameConfigurations"][0], DOMAIN),
            "targetDomainName": f"d-{label}.execute-api.{aws.region}.amazonaws.com",
            "hostedZoneId": "Z1U9ULNL0V5AJ3",
        },
    }


def _domain_tags(_aws: Aws, _domain: str, _state: Properties, _tags: Mapping[str, str], _gone: list[str]) -> None:
    """Change nothing: moto tags only APIs and VPC links."""


def _delete_domain(aws: Aws, domain: str, _outputs: Properties) -> None:
    aws.client("apigatewayv2").delete_domain_name(DomainName=domain)


def _create_mapping(aws: Aws, wanted: Properties) -> str:
    return str(aws.client("apigatewayv2").create_api_mapping(**to_aws(wanted, MAPPING))["ApiMappingId"])


def _mapping(resource_id: str, known: Properties) -> dict[str, str]:
    """Return the arguments that name a mapping, from `id/domain` as in an import, or from the id and its outputs."""
    own, _, domain = resource_id.partition("/")
    return {"ApiMappingId": own, "DomainName": domain or str(known["domainName"])}


def _read_mapping(aws: Aws, resource_id: str, known: Properties) -> dict[str, Any] | None:
    where = _mapping(resource_id, known)
    response = found_or_none(aws.client("apigatewayv2").get_api_mapping, **where)
    return response and {**from_aws(response, MAPPING), "domainName": where["DomainName"]}


def _update_mapping(
    aws: Aws, resource_id: str, state: Properties, wanted: Properties, _changed: frozenset[str]
) -> None:
    where = _mapping(resource_id, state)
    aws.client("apigatewayv2").update_api_mapping(**{"ApiMappingKey": "", **to_aws(wanted, MAPPING), **where})


ENTRIES = (
    Entry(
        type=types.API,
        inputs=frozenset(API) | {"tags"},
        required=frozenset({"protocolType"}),
        name_property="name",
        tags=_api_tags,
        create=_create_api,
        read=_read_api,
        update=_update_api,
        delete=lambda aws, api_id, _outputs: aws.client("apigatewayv2").delete_api(ApiId=api_id),
    ),
    Entry(
        type=types.STAGE,
        inputs=frozenset(STAGE) | {"apiId", "routeSettings", "tags"},
        required=frozenset({"apiId"}),
        name_property="name",
        tags=_stage_tags,
        create=_create_stage,
        read=_read_stage,
        update=_update_stage,
        delete=_delete_stage,
    ),
    _inside_api(types.AUTHORIZER, AUTHORIZER, required={"authorizerType"}, named=True),
    _inside_api(
        types.INTEGRATION,
        INTEGRATION,
        required={"integrationType"},
        check=_check_integration,
    ),
    _inside_api(types.ROUTE, ROUTE, required={"routeKey"}),
    Entry(
        type=types.DOMAIN_NAME,
        inputs=frozenset({"domainName", "domainNameConfiguration", "tags"}),
        required=frozenset({"domainName", "domainNameConfiguration"}),
        unread=frozenset({"tagsAll"}),
        tags=_domain_tags,
        create=_create_domain,
        read=_read_domain,
        update=lambda aws, _id, _state, wanted, _changed: aws.client("apigatewayv2").update_domain_name(
            **_domain_arguments(wanted)
        ),
        delete=_delete_domain,
    ),
    Entry(
        type=types.API_MAPPING,
        inputs=frozenset(MAPPING),
        required=frozenset({"apiId", "domainName", "stage"}),
        create=_create_mapping,
        read=_read_mapping,
        update=_update_mapping,
        delete=lambda aws, resource_id, outputs: aws.client("apigatewayv2").delete_api_mapping(
            **_mapping(resource_id, outputs)
        ),
    ),
)
