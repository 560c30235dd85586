"""Cognito user pools with their domains, app clients, resource servers and groups."""

from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties
from toolkit.resource_types import cognito as types

MFA = {"mfaConfiguration", "softwareTokenMfaConfiguration"}
POLICIES = {"passwordPolicy", "signInPolicy"}


class _UserPool(Entry):
    def request(self, wanted: Properties) -> Properties:
        policies = {name: wanted[name] for name in POLICIES & wanted.keys()}
        others = {name: value for name, value in wanted.items() if name not in MFA | POLICIES}
        return {**others, "policies": policies or None}

    def after_create(self, aws: Aws, pool: str, wanted: Properties) -> None:
        mode = wanted.get("mfaConfiguration", "OFF")
        token = {"Enabled": bool((wanted.get("softwareTokenMfaConfiguration") or {}).get("enabled"))}
        settings = {"SoftwareTokenMfaConfiguration": token} if mode != "OFF" or token["Enabled"] else {}
        aws.client("cognito-idp").set_user_pool_mfa_config(UserPoolId=pool, MfaConfiguration=mode, **settings)

    def computed(self, aws: Aws, found: Properties, known: Properties) -> dict[str, Any]:
        mfa = self.call(aws, "get_user_pool_mfa_config", found)
        token = mfa.get("softwareTokenMfaConfiguration")
        return {
            **found.get("policies", {}),
            "mfaConfiguration": mfa.get("mfaConfiguration", "OFF"),
            "softwareTokenMfaConfiguration": {"enabled": bool(token.get("enabled"))} if token else None,
            "endpoint": f"cognito-idp.{aws.region}.amazonaws.com/{found['id']}",
            "domain": found.get("domain", ""),
            "customDomain": found.get("customDomain", ""),
            "estimatedNumberOfUsers": found.get("estimatedNumberOfUsers", 0),
            "schemas": known.get("schemas", found.get("schemas")),  # AWS returns every standard attribute too
        }

    def update(self, aws: Aws, pool: str, state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
        super().update(aws, pool, state, {**wanted, "name": None}, changed)
        if changed & MFA:
            self.after_create(aws, pool, wanted)

    def tag(self, aws: Aws, pool: str, state: Properties, tags: Properties, _removed: Properties) -> None:
        """Update all settings of the pool with the tags: moto has no other way to tag a user pool."""
        self.update(aws, pool, state, {**state, "tagsAll": tags}, frozenset())


class _Domain(Entry):
    def request(self, wanted: Properties) -> Properties:
        custom = {"certificateArn": wanted["certificateArn"]} if "certificateArn" in wanted else None
        return {**wanted, "customDomainConfig": custom}

    def describe(self, aws: Aws, where: Properties) -> dict[str, Any] | None:
        response = super().describe(aws, where)
        return response if response and response["domainDescription"].get("userPoolId") else None

    def computed(self, aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        distribution = found.get("cloudFrontDistribution", "")
        return {
            "awsAccountId": aws.account_id,  # moto returns another one each time
            "cloudfrontDistribution": distribution,
            "cloudfrontDistributionArn": distribution,
            "cloudfrontDistributionZoneId": "Z2FDTNDATAQYW2",
            "s3Bucket": found.get("s3Bucket", ""),
            "version": found.get("version", ""),
        }


class _Client(Entry):
    def computed(self, _aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        secret = found.get("clientSecret", "")
        return {"clientSecret": secret, "generateSecret": bool(secret)}


class _ResourceServer(Entry):
    def computed(self, _aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        scopes = [f"{found['identifier']}/{scope['scopeName']}" for scope in found.get("scopes", ())]
        return {"scopeIdentifiers": scopes}


ENTRIES = (
    _UserPool(
        type=types.USER_POOL,
        service="cognito-idp",
        noun="user_pool",
        read_call="describe_{noun}",
        result="userPool",
        id="{id}",
        names={
            "PoolName": "name",
            "UserPoolId": "id",
            "Schema": "schemas",
            "AttributesRequireVerificationBeforeUpdate": "attributesRequireVerificationBeforeUpdates",
        },
        inputs=frozenset({"name", "accountRecoverySetting", "adminCreateUserConfig", "autoVerifiedAttributes"})
        | {"deletionProtection", "emailVerificationMessage", "emailVerificationSubject"}
        | {"userAttributeUpdateSettings", "userPoolAddOns", "userPoolTier", "passwordPolicy", "signInPolicy"}
        | {"aliasAttributes", "usernameAttributes", "usernameConfiguration", "schemas", "tags"}
        | MFA,
        outputs=frozenset({"arn", "creationDate", "lastModifiedDate"}),
        recreated_by=frozenset({"schemas"}),  # moto adds no attribute to a pool
        tag_calls=("", "", ""),
    ),
    _Domain(
        type=types.USER_POOL_DOMAIN,
        service="cognito-idp",
        noun="user_pool_domain",
        read_call="describe_{noun}",
        update_call=None,
        result="domainDescription",
        id="{domain}",
        inputs=frozenset({"domain", "userPoolId", "certificateArn", "managedLoginVersion"}),
        required=frozenset({"domain", "userPoolId"}),
        not_returned=frozenset({"certificateArn", "managedLoginVersion"}),
    ),
    _Client(
        type=types.USER_POOL_CLIENT,
        service="cognito-idp",
        noun="user_pool_client",
        read_call="describe_{noun}",
        result="userPoolClient",
        id="{clientId}",
        imported_id="{userPoolId}/{clientId}",
        names={
            "ClientName": "name",
            "AllowedOAuthFlows": "allowedOauthFlows",
            "AllowedOAuthFlowsUserPoolClient": "allowedOauthFlowsUserPoolClient",
            "AllowedOAuthScopes": "allowedOauthScopes",
        },
        inputs=frozenset({"name", "userPoolId", "accessTokenValidity", "idTokenValidity", "refreshTokenValidity"})
        | {"tokenValidityUnits", "allowedOauthFlows", "allowedOauthFlowsUserPoolClient", "allowedOauthScopes"}
        | {"authSessionValidity", "callbackUrls", "defaultRedirectUri", "enablePropagateAdditionalUserContextData"}
        | {"enableTokenRevocation", "explicitAuthFlows", "generateSecret", "logoutUrls", "preventUserExistenceErrors"}
        | {"readAttributes", "refreshTokenRotation", "supportedIdentityProviders", "writeAttributes"},
        required=frozenset({"userPoolId"}),
    ),
    _ResourceServer(
        type=types.RESOURCE_SERVER,
        service="cognito-idp",
        noun="resource_server",
        read_call="describe_{noun}",
        result="resourceServer",
        id="{userPoolId}|{identifier}",
        inputs=frozenset({"identifier", "name", "scopes", "userPoolId"}),
        required=frozenset({"userPoolId", "identifier"}),
        update_defaults={"scopes": []},
    ),
    Entry(
        type=types.USER_GROUP,
        service="cognito-idp",
        noun="group",
        result="group",
        id="{userPoolId}/{name}",
        names={"GroupName": "name"},
        inputs=frozenset({"name", "description", "precedence", "roleArn", "userPoolId"}),
        required=frozenset({"userPoolId"}),
        update_defaults={"description": ""},
    ),
)
