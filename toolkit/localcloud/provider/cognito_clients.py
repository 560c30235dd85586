"""What stands inside a Cognito user pool: app clients, resource servers with their scopes, groups."""

from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, unless_gone
from toolkit.localcloud.provider.fields import from_aws, to_aws

UNITS = {"accessToken": "AccessToken", "idToken": "IdToken", "refreshToken": "RefreshToken"}
ROTATION = {"feature": "Feature", "retryGracePeriodSeconds": "RetryGracePeriodSeconds"}
CLIENT = {
    "name": "ClientName",
    "accessTokenValidity": "AccessTokenValidity",
    "idTokenValidity": "IdTokenValidity",
    "refreshTokenValidity": "RefreshTokenValidity",
    "tokenValidityUnits": ("TokenValidityUnits", UNITS),
    "allowedOauthFlows": "AllowedOAuthFlows",
    "allowedOauthFlowsUserPoolClient": "AllowedOAuthFlowsUserPoolClient",
    "allowedOauthScopes": "AllowedOAuthScopes",
    "authSessionValidity": "AuthSessionValidity",
    "callbackUrls": "CallbackURLs",
    "defaultRedirectUri": "DefaultRedirectURI",
    "enablePropagateAdditionalUserContextData": "EnablePropagateAdditionalUserContextData",
    "enableTokenRevocation": "EnableTokenRevocation",
    "explicitAuthFlows": "ExplicitAuthFlows",
    "logoutUrls": "LogoutURLs",
    "preventUserExistenceErrors": "PreventUserExistenceErrors",
    "readAttributes": "ReadAttributes",
    "refreshTokenRotation": ("RefreshTokenRotation", ROTATION),
    "supportedIdentityProviders": "SupportedIdentityProviders",
    "writeAttributes": "WriteAttributes",
}
SCOPES = ("Scopes", {"scopeName": "ScopeName", "scopeDescription": "ScopeDescription"})
SERVER = {"identifier": "Identifier", "name": "Name", "scopes": SCOPES}
GROUP = {"name": "GroupName", "description": "Description", "precedence": "Precedence", "roleArn": "RoleArn"}


def _create_client(aws: Aws, wanted: Properties) -> str:
    answer = aws.client("cognito-idp").create_user_pool_client(
        UserPoolId=wanted["userPoolId"], GenerateSecret=bool(wanted.get("generateSecret")), **to_aws(wanted, CLIENT)
    )
    return str(answer["UserPoolClient"]["ClientId"])


def _read_client(aws: Aws, resource_id: str, known: Properties) -> dict[str, Any] | None:
    pool, _, client_id = resource_id.rpartition("/")
    pool = pool or known["userPoolId"]
    answer = unless_gone(aws.client("cognito-idp").describe_user_pool_client, UserPoolId=pool, ClientId=client_id)
    if answer is None:
        return None
    client = answer["UserPoolClient"]
    secret = client.get("ClientSecret", "")
    return {**from_aws(client, CLIENT), "userPoolId": pool, "clientSecret": secret, "generateSecret": bool(secret)}


def _update_client(aws: Aws, client_id: str, state: Properties, wanted: Properties, _changed: frozenset[str]) -> None:
    aws.client("cognito-idp").update_user_pool_client(
        UserPoolId=state["userPoolId"], ClientId=client_id, **to_aws(wanted, CLIENT)
    )


def _delete_client(aws: Aws, client_id: str, outputs: Properties) -> None:
    aws.client("cognito-idp").delete_user_pool_client(UserPoolId=outputs["userPoolId"], ClientId=client_id)


def _create_server(aws: Aws, wanted: Properties) -> str:
    aws.client("cognito-idp").create_resource_server(UserPoolId=wanted["userPoolId"], **to_aws(wanted, SERVER))
    return f"{wanted['userPoolId']}|{wanted['identifier']}"


def _read_server(aws: Aws, resource_id: str, _known: Properties) -> dict[str, Any] | None:
    pool, _, identifier = resource_id.partition("|")
    found = unless_gone(aws.client("cognito-idp").describe_resource_server, UserPoolId=pool, Identifier=identifier)
    if found is None:
        return None
    state = from_aws(found["ResourceServer"], SERVER)
    scopes = [f"{identifier}/{scope['scopeName']}" for scope in state.get("scopes", ())]
    return {**state, "userPoolId": pool, "scopeIdentifiers": scopes}


def _update_server(
    aws: Aws, resource_id: str, _state: Properties, wanted: Properties, _changed: frozenset[str]
) -> None:
    pool = resource_id.partition("|")[0]
    aws.client("cognito-idp").update_resource_server(UserPoolId=pool, **to_aws({"scopes": [], **wanted}, SERVER))


def _delete_server(aws: Aws, resource_id: str, _outputs: Properties) -> None:
    pool, _, identifier = resource_id.partition("|")
    aws.client("cognito-idp").delete_resource_server(UserPoolId=pool, Identifier=identifier)


def _create_group(aws: Aws, wanted: Properties) -> str:
    aws.client("cognito-idp").create_group(UserPoolId=wanted["userPoolId"], **to_aws(wanted, GROUP))
    return f"{wanted['userPoolId']}/{wanted['name']}"


def _read_group(aws: Aws, resource_id: str, _known: Properties) -> dict[str, Any] | None:
    pool, _, name = resource_id.partition("/")
    answer = unless_gone(aws.client("cognito-idp").get_group, UserPoolId=pool, GroupName=name)
    return answer and {**from_aws(answer["Group"], GROUP), "userPoolId": pool}


def _update_group(aws: Aws, resource_id: str, _state: Properties, wanted: Properties, _changed: frozenset[str]) -> None:
    pool = resource_id.partition("/")[0]
    aws.client("cognito-idp").update_group(UserPoolId=pool, **to_aws({"description": "", **wanted}, GROUP))


def _delete_group(aws: Aws, resource_id: str, _outputs: Properties) -> None:
    pool, _, name = resource_id.partition("/")
    aws.client("cognito-idp").delete_group(UserPoolId=pool, GroupName=name)


ENTRIES = (
    Entry(
        type="aws:cognito/userPoolClient:UserPoolClient",
        inputs=frozenset(CLIENT) | {"userPoolId", "generateSecret"},
        required=frozenset({"userPoolId"}),
        replaced_by=frozenset({"userPoolId", "generateSecret"}),
        name_property="name",
        create=_create_client,
        read=_read_client,
        update=_update_client,
        delete=_delete_client,
    ),
    Entry(
        type="aws:cognito/resourceServer:ResourceServer",
        inputs=frozenset(SERVER) | {"userPoolId"},
        required=frozenset({"userPoolId", "identifier"}),
        replaced_by=frozenset({"userPoolId", "identifier"}),
        name_property="name",
        create=_create_server,
        read=_read_server,
        update=_update_server,
        delete=_delete_server,
    ),
    Entry(
        type="aws:cognito/userGroup:UserGroup",
        inputs=frozenset(GROUP) | {"userPoolId"},
        required=frozenset({"userPoolId"}),
        replaced_by=frozenset({"userPoolId", "name"}),
        name_property="name",
        create=_create_group,
        read=_read_group,
        update=_update_group,
        delete=_delete_group,
    ),
)
