"""Cognito user pools with their domains, app clients, resource servers and groups."""

from collections.abc import Mapping
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, found_or_none
from toolkit.localcloud.provider.fields import from_aws, to_aws
from toolkit.resource_types import cognito as types

PASSWORDS = {
    "minimumLength": "MinimumLength",
    "passwordHistorySize": "PasswordHistorySize",
    "requireLowercase": "RequireLowercase",
    "requireNumbers": "RequireNumbers",
    "requireSymbols": "RequireSymbols",
    "requireUppercase": "RequireUppercase",
    "temporaryPasswordValidityDays": "TemporaryPasswordValidityDays",
}
INVITATION = {"emailMessage": "EmailMessage", "emailSubject": "EmailSubject", "smsMessage": "SMSMessage"}
CREATION = {
    "allowAdminCreateUserOnly": "AllowAdminCreateUserOnly",
    "inviteMessageTemplate": ("InviteMessageTemplate", INVITATION),
}
RECOVERY = {"recoveryMechanisms": ("RecoveryMechanisms", {"name": "Name", "priority": "Priority"})}
ATTRIBUTE = {
    "name": "Name",
    "attributeDataType": "AttributeDataType",
    "developerOnlyAttribute": "DeveloperOnlyAttribute",
    "mutable": "Mutable",
    "required": "Required",
    "numberAttributeConstraints": ("NumberAttributeConstraints", {"minValue": "MinValue", "maxValue": "MaxValue"}),
    "stringAttributeConstraints": ("StringAttributeConstraints", {"minLength": "MinLength", "maxLength": "MaxLength"}),
}
POOL_UPDATE = {
    "accountRecoverySetting": ("AccountRecoverySetting", RECOVERY),
    "adminCreateUserConfig": ("AdminCreateUserConfig", CREATION),
    "autoVerifiedAttributes": "AutoVerifiedAttributes",
    "deletionProtection": "DeletionProtection",
    "emailVerificationMessage": "EmailVerificationMessage",
    "emailVerificationSubject": "EmailVerificationSubject",
    "userAttributeUpdateSettings": (
        "UserAttributeUpdateSettings",
        {"attributesRequireVerificationBeforeUpdates": "AttributesRequireVerificationBeforeUpdate"},
    ),
    "userPoolAddOns": ("UserPoolAddOns", {"advancedSecurityMode": "AdvancedSecurityMode"}),
    "userPoolTier": "UserPoolTier",
}
POLICIES = {
    "passwordPolicy": ("PasswordPolicy", PASSWORDS),
    "signInPolicy": ("SignInPolicy", {"allowedFirstAuthFactors": "AllowedFirstAuthFactors"}),
}
POOL_FIXED = {
    "aliasAttributes": "AliasAttributes",
    "usernameAttributes": "UsernameAttributes",
    "usernameConfiguration": ("UsernameConfiguration", {"caseSensitive": "CaseSensitive"}),
    "schemas": ("Schema", ATTRIBUTE),
}
MFA = {"mfaConfiguration", "softwareTokenMfaConfiguration"}


def _create_pool(aws: Aws, wanted: Properties) -> str:
    response = aws.client("cognito-idp").create_user_pool(
        PoolName=wanted["name"], **to_aws(wanted, POOL_FIXED), **_changeable(wanted, wanted["tagsAll"])
    )
    return str(response["UserPool"]["Id"])


def _changeable(wanted: Properties, tags: Mapping[str, str]) -> dict[str, Any]:
    policies = to_aws(wanted, POLICIES)
    return {
        **to_aws(wanted, POOL_UPDATE),
        **({"Policies": policies} if policies else {}),
        **({"UserPoolTags": dict(tags)} if tags else {}),
    }


def _set_mfa(aws: Aws, pool: str, wanted: Properties) -> None:
    mode = wanted.get("mfaConfiguration", "OFF")
    token = {"Enabled": bool((wanted.get("softwareTokenMfaConfiguration") or {}).get("enabled"))}
    if mode != "OFF" or token["Enabled"]:
        aws.client("cognito-idp").set_user_pool_mfa_config(
            UserPoolId=pool, MfaConfiguration=mode, SoftwareTokenMfaConfiguration=token
        )
    else:
        aws.client("cognito-idp").set_user_pool_mfa_config(UserPoolId=pool, MfaConfiguration="OFF")


def _read_pool(aws: Aws, pool_id: str, known: Properties) -> dict[str, Any] | None:
    client = aws.client("cognito-idp")
    response = found_or_none(client.describe_user_pool, UserPoolId=pool_id)
    if response is None:
        return None
    pool = response["UserPool"]
    mfa = client.get_user_pool_mfa_config(UserPoolId=pool_id)
    token = mfa.get("SoftwareTokenMfaConfiguration") or {}
    state = {
        **from_aws(pool, {**POOL_UPDATE, **POOL_FIXED}),
        **from_aws(pool.get("Policies", {}), POLICIES),
        "name": pool["Name"],
        "mfaConfiguration": mfa.get("MfaConfiguration", "OFF"),
        "arn": pool["Arn"],
        "endpoint": f"cognito-idp.{aws.region}.amazonaws.com/{pool_id}",
        "creationDate": pool["CreationDate"].isoformat(),
        "lastModifiedDate": pool["LastModifiedDate"].isoformat(),
        "domain": pool.get("Domain", ""),
        "customDomain": pool.get("CustomDomain", ""),
        "estimatedNumberOfUsers": pool.get("EstimatedNumberOfUsers", 0),
        "tagsAll": pool.get("UserPoolTags", {}),
    }
    if token:
        state["softwareTokenMfaConfiguration"] = {"enabled": bool(token.get("Enabled"))}
    if "schemas" in known:  # AWS returns every standard attribute too
        state["schemas"] = known["schemas"]
    return state


def _update_pool(aws: Aws, pool: str, _state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
    aws.client("cognito-idp").update_user_pool(UserPoolId=pool, **_changeable(wanted, wanted["tagsAll"]))
    if changed & MFA:
        _set_mfa(aws, pool, wanted)


def _pool_tags(aws: Aws, pool: str, state: Properties, tags: Mapping[str, str], _gone: list[str]) -> None:
    """Update all settings of the pool with the tags: moto has no other way to tag a user pool."""
    aws.client("cognito-idp").update_user_pool(UserPoolId=pool, **_changeable(state, tags))


def _create_domain(aws: Aws, wanted: Properties) -> str:
    arguments = {"Domain": wanted["domain"], "UserPoolId": wanted["userPoolId"]}
    if "certificateArn" in wanted:
        arguments["CustomDomainConfig"] = {"CertificateArn": wanted["certificateArn"]}
    if "managedLoginVersion" in wanted:
        arguments["ManagedLoginVersion"] = wanted["managedLoginVersion"]
    aws.client("cognito-idp").create_user_pool_domain(**arguments)
    return str(wanted["domain"])


def _read_domain(aws: Aws, domain: str, known: Properties) -> dict[str, Any] | None:
    response = found_or_none(aws.client("cognito-idp").describe_user_pool_domain, Domain=domain)
    described = (response or {}).get("DomainDescription") or {}
    if not described.get("UserPoolId"):
        return None
    distribution = described.get("CloudFrontDistribution", "")
    state = {
        "domain": domain,
        "userPoolId": described["UserPoolId"],
        "awsAccountId": aws.account_id,  # moto returns another one each time
        "cloudfrontDistribution": distribution,
        "cloudfrontDistributionArn": distribution,
        "cloudfrontDistributionZoneId": "Z2FDTNDATAQYW2",
        "s3Bucket": described.get("S3Bucket", ""),
        "version": described.get("Version", ""),
    }
    return {**{key: known[key] for key in ("managedLoginVersion", "certificateArn") if key in known}, **state}


def _delete_domain(aws: Aws, domain: str, outputs: Properties) -> None:
    aws.client("cognito-idp").delete_user_pool_domain(Domain=domain, UserPoolId=outputs["userPoolId"])


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
    response = aws.client("cognito-idp").create_user_pool_client(
        UserPoolId=wanted["userPoolId"], GenerateSecret=bool(wanted.get("generateSecret")), **to_aws(wanted, CLIENT)
    )
    return str(response["UserPoolClient"]["ClientId"])


def _read_client(aws: Aws, resource_id: str, known: Properties) -> dict[str, Any] | None:
    pool, _, client_id = resource_id.rpartition("/")
    pool = pool or known["userPoolId"]
    response = found_or_none(aws.client("cognito-idp").describe_user_pool_client, UserPoolId=pool, ClientId=client_id)
    if response is None:
        return None
    client = response["UserPoolClient"]
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
    found = found_or_none(aws.client("cognito-idp").describe_resource_server, UserPoolId=pool, Identifier=identifier)
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
    response = found_or_none(aws.client("cognito-idp").get_group, UserPoolId=pool, GroupName=name)
    return response and {**from_aws(response["Group"], GROUP), "userPoolId": pool}


def _update_group(aws: Aws, resource_id: str, _state: Properties, wanted: Properties, _changed: frozenset[str]) -> None:
    pool = resource_id.partition("/")[0]
    aws.client("cognito-idp").update_group(UserPoolId=pool, **to_aws({"description": "", **wanted}, GROUP))


def _delete_group(aws: Aws, resource_id: str, _outputs: Properties) -> None:
    pool, _, name = resource_id.partition("/")
    aws.client("cognito-idp").delete_group(UserPoolId=pool, GroupName=name)


ENTRIES = (
    Entry(
        type=types.USER_POOL,
        inputs=frozenset(POOL_UPDATE) | frozenset(POLICIES) | frozenset(POOL_FIXED) | MFA | {"name", "tags"},
        recreated_by=frozenset({"schemas"}),  # moto adds no attribute to a pool
        name_property="name",
        tags=_pool_tags,
        create=_create_pool,
        after_create=_set_mfa,
        read=_read_pool,
        update=_update_pool,
        delete=lambda aws, pool, _outputs: aws.client("cognito-idp").delete_user_pool(UserPoolId=pool),
    ),
    Entry(
        type=types.USER_POOL_DOMAIN,
        inputs=frozenset({"domain", "userPoolId", "certificateArn", "managedLoginVersion"}),
        required=frozenset({"domain", "userPoolId"}),
        create=_create_domain,
        read=_read_domain,
        delete=_delete_domain,
    ),
    Entry(
        type=types.USER_POOL_CLIENT,
        inputs=frozenset(CLIENT) | {"userPoolId", "generateSecret"},
        required=frozenset({"userPoolId"}),
        name_property="name",
        create=_create_client,
        read=_read_client,
        update=_update_client,
        delete=_delete_client,
    ),
    Entry(
        type=types.RESOURCE_SERVER,
        inputs=frozenset(SERVER) | {"userPoolId"},
        required=frozenset({"userPoolId", "identifier"}),
        name_property="name",
        create=_create_server,
        read=_read_server,
        update=_update_server,
        delete=_delete_server,
    ),
    Entry(
        type=types.USER_GROUP,
        inputs=frozenset(GROUP) | {"userPoolId"},
        required=frozenset({"userPoolId"}),
        name_property="name",
        create=_create_group,
        read=_read_group,
        update=_update_group,
        delete=_delete_group,
    ),
)
