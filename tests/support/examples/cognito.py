"""Examples of the resource types of Amazon Cognito."""

from tests.support.aws import unique
from tests.support.examples.parents import Example, Maker, Parents
from toolkit.resource_types import cognito as types


def user_pool(_parents: Parents) -> Example:
    return Example(
        {
            "mfaConfiguration": "OPTIONAL",
            "softwareTokenMfaConfiguration": {"enabled": True},
            "passwordPolicy": {"minimumLength": 14, "requireSymbols": False, "temporaryPasswordValidityDays": 3},
            "usernameAttributes": ["email"],
            "autoVerifiedAttributes": ["email"],
            "deletionProtection": "INACTIVE",
            "userPoolTier": "ESSENTIALS",
            "adminCreateUserConfig": {"allowAdminCreateUserOnly": True},
            "accountRecoverySetting": {"recoveryMechanisms": [{"name": "verified_email", "priority": 1}]},
            "tags": {"a": "b"},
        },
        {"passwordPolicy": {"minimumLength": 16}, "mfaConfiguration": "ON", "tags": {"a": "c"}},
        {"usernameAttributes": ["phone_number"]},
    )


def user_pool_client(parents: Parents) -> Example:
    return Example(
        {
            "userPoolId": parents.pool,
            "allowedOauthFlows": ["code"],
            "allowedOauthFlowsUserPoolClient": True,
            "allowedOauthScopes": ["openid", "email"],
            "callbackUrls": ["http://127.0.0.1:8000/docs/oauth2-redirect"],
            "enableTokenRevocation": True,
            "explicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
            "accessTokenValidity": 60,
            "tokenValidityUnits": {"accessToken": "minutes"},
            "preventUserExistenceErrors": "ENABLED",
            "supportedIdentityProviders": ["COGNITO"],
            "generateSecret": True,
        },
        {"accessTokenValidity": 15},
        {"generateSecret": False},
    )


def resource_server(parents: Parents) -> Example:
    scopes = [{"scopeName": "read", "scopeDescription": "Read items"}]
    more = [*scopes, {"scopeName": "write", "scopeDescription": "Write items"}]
    return Example(
        {"userPoolId": parents.pool, "identifier": "items", "scopes": scopes}, {"scopes": more}, {"identifier": "x"}
    )


def user_group(parents: Parents) -> Example:
    return Example(
        {"userPoolId": parents.pool, "name": "admins", "description": "Operations", "precedence": 1},
        {"precedence": 2},
        {"name": "others"},
    )


def user_pool_domain(parents: Parents) -> Example:
    return Example(
        {"userPoolId": parents.pool, "domain": unique("items"), "managedLoginVersion": 2},
        replaces={"domain": "other"},
    )


EXAMPLES: dict[str, Maker] = {
    types.RESOURCE_SERVER: resource_server,
    types.USER_GROUP: user_group,
    types.USER_POOL: user_pool,
    types.USER_POOL_CLIENT: user_pool_client,
    types.USER_POOL_DOMAIN: user_pool_domain,
}
