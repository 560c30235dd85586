"""What stands inside an HTTP API: authorizers, integrations and routes."""

from collections.abc import Callable
from typing import Any

from toolkit.localcloud.gateway.parameter_mapping import MappingError, read_changes
from toolkit.localcloud.provider.apigateway_api import parent_and_id
from toolkit.localcloud.provider.entry import Aws, Entry, Properties, unless_gone
from toolkit.localcloud.provider.errors import ProviderError
from toolkit.localcloud.provider.fields import Fields, from_aws, to_aws

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
    """Reject what the gateway of this machine cannot serve. Raises ProviderError."""
    if wanted.get("credentialsArn"):
        raise ProviderError("credentialsArn is not supported on this machine: give the function a permission instead")
    try:
        read_changes(wanted.get("requestParameters") or {})
    except MappingError as error:
        raise ProviderError(str(error)) from error


def _inside_api(
    kind: str,
    fields: Fields,
    *,
    required: set[str],
    replaced_by: set[str],
    named: bool = False,
    check: Callable[[Properties], None] = lambda _wanted: None,
) -> Entry:
    """Return the entry of a resource type that API Gateway keeps inside an API; `check` raises ProviderError."""
    lower, id_name = kind.lower(), f"{kind}Id"

    def create(aws: Aws, wanted: Properties) -> str:
        check(wanted)
        make = getattr(aws.client("apigatewayv2"), f"create_{lower}")
        return str(make(ApiId=wanted["apiId"], **to_aws(wanted, fields))[id_name])

    def read(aws: Aws, resource_id: str, known: Properties) -> dict[str, Any] | None:
        api_id, own = parent_and_id(resource_id, known)
        get = getattr(aws.client("apigatewayv2"), f"get_{lower}")
        answer = unless_gone(get, ApiId=api_id, **{id_name: own})
        return answer and {**from_aws(answer, fields), "apiId": api_id}

    def update(aws: Aws, resource_id: str, state: Properties, wanted: Properties, _changed: frozenset[str]) -> None:
        check(wanted)
        api_id, own = parent_and_id(resource_id, state)
        change = getattr(aws.client("apigatewayv2"), f"update_{lower}")
        change(ApiId=api_id, **{id_name: own}, **to_aws(wanted, fields))

    def delete(aws: Aws, resource_id: str, outputs: Properties) -> None:
        api_id, own = parent_and_id(resource_id, outputs)
        getattr(aws.client("apigatewayv2"), f"delete_{lower}")(ApiId=api_id, **{id_name: own})

    return Entry(
        type=f"aws:apigatewayv2/{lower}:{kind}",
        inputs=frozenset(fields) | {"apiId"},
        required=frozenset(required | {"apiId"}),
        replaced_by=frozenset(replaced_by | {"apiId"}),
        name_property="name" if named else None,
        create=create,
        read=read,
        update=update,
        delete=delete,
    )


ENTRIES = (
    _inside_api("Authorizer", AUTHORIZER, required={"authorizerType"}, replaced_by=set(), named=True),
    _inside_api(
        "Integration",
        INTEGRATION,
        required={"integrationType"},
        replaced_by={"integrationType"},
        check=_check_integration,
    ),
    _inside_api("Route", ROUTE, required={"routeKey"}, replaced_by=set()),
)
