"""Examples of who may do what: user pools, roles, keys."""

from tests.support.aws import ACCOUNT, unique
from tests.support.examples.parents import TRUST, Example, Maker, Parents, policy


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


def role(_parents: Parents) -> Example:
    return Example(
        {"assumeRolePolicy": TRUST, "description": "Runs the API", "maxSessionDuration": 3600, "tags": {"a": "b"}},
        {
            "description": "Runs the API well",
            "permissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/ceiling",
            "tags": {"b": "c"},
        },
        {"path": "/service/"},
    )


def role_policy(parents: Parents) -> Example:
    return Example(
        {"role": parents.role["name"], "policy": policy("dynamodb:GetItem")},
        {"policy": policy("dynamodb:PutItem")},
        {"role": "other"},
    )


def key(_parents: Parents) -> Example:
    return Example(
        {
            "description": "Alarms",
            "enableKeyRotation": True,
            "deletionWindowInDays": 7,
            "policy": policy("kms:*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}),
            "region": "us-west-1",
            "tags": {"a": "b"},
        },
        {"description": "Alarms and more", "enableKeyRotation": False, "tags": {"b": "c"}},
        {"keyUsage": "SIGN_VERIFY"},
    )


def kms_alias(parents: Parents) -> Example:
    one, other = (parents.made("aws:kms/key:Key", {"region": "us-west-1"})[0] for _ in range(2))
    return Example({"targetKeyId": one, "region": "us-west-1"}, {"targetKeyId": other}, {"region": "us-west-2"})


EXAMPLES: dict[str, Maker] = {
    "aws:cognito/userPool:UserPool": user_pool,
    "aws:cognito/userPoolClient:UserPoolClient": user_pool_client,
    "aws:cognito/resourceServer:ResourceServer": resource_server,
    "aws:cognito/userGroup:UserGroup": user_group,
    "aws:cognito/userPoolDomain:UserPoolDomain": user_pool_domain,
    "aws:iam/role:Role": role,
    "aws:iam/rolePolicy:RolePolicy": role_policy,
    "aws:kms/key:Key": key,
    "aws:kms/alias:Alias": kms_alias,
}
