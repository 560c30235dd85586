"""Cases of the rules on user pool clients."""

from typing import Any

from tests.support.rule_cases import ResourceCase
from toolkit.resource_types.cognito import USER_POOL_CLIENT

PAGE = "https://app.example.com/signed-in"

MACHINE: dict[str, Any] = {
    "allowedOauthFlows": ["client_credentials"],
    "explicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
    "generateSecret": True,
}


def lives(token: str, validity: int, unit: str | None = None) -> dict[str, Any]:
    units = {"tokenValidityUnits": {token: unit}} if unit else {}
    return {f"{token}Validity": validity, **units}


CASES = {
    "cognito-client-hides-users": ResourceCase(
        USER_POOL_CLIENT,
        good={"preventUserExistenceErrors": "ENABLED"},
        bad={"tells": {"preventUserExistenceErrors": "LEGACY"}},
        absent="fail",
    ),
    "cognito-client-revocation": ResourceCase(
        USER_POOL_CLIENT,
        good={"enableTokenRevocation": True},
        bad={"off": {"enableTokenRevocation": False}},
        absent="pass",
    ),
    "cognito-client-no-implicit-flow": ResourceCase(
        USER_POOL_CLIENT,
        good={"allowedOauthFlows": ["code"]},
        bad={"among others": {"allowedOauthFlows": ["code", "implicit"]}},
        absent="pass",
        also_good={"a machine": {"allowedOauthFlows": ["client_credentials"]}},
    ),
    "cognito-client-callbacks-https": ResourceCase(
        USER_POOL_CLIENT,
        good={"callbackUrls": [PAGE], "logoutUrls": ["https://app.example.com"]},
        bad={
            "in clear": {"callbackUrls": [PAGE, "http://app.example.com/signed-in"]},
            "a developer's machine": {"callbackUrls": ["http://localhost:3000/signed-in"]},
            "signed out in clear": {"callbackUrls": [PAGE], "logoutUrls": ["http://app.example.com"]},
        },
        absent="pass",
    ),
    "cognito-client-token-lifetime": ResourceCase(
        USER_POOL_CLIENT,
        good={
            "accessTokenValidity": 60,
            "idTokenValidity": 5,
            "tokenValidityUnits": {"accessToken": "minutes", "idToken": "minutes"},
        },
        bad={
            "hours are the unit": lives("accessToken", 2),
            "minutes": lives("accessToken", 61, "minutes"),
            "seconds": lives("accessToken", 3601, "seconds"),
            "of who it is": lives("idToken", 1, "days"),
            "in no unit": lives("idToken", 1, "fortnights"),
        },
        absent="pass",
        also_good={
            "seconds": lives("accessToken", 3600, "seconds"),
            "an hour": {**lives("idToken", 1), **lives("accessToken", 1)},
        },
    ),
    "cognito-client-refresh-lifetime": ResourceCase(
        USER_POOL_CLIENT,
        good=lives("refreshToken", 720, "hours"),
        bad={"days are the unit": lives("refreshToken", 31), "hours": lives("refreshToken", 721, "hours")},
        absent="pass",
        also_good={"a month": lives("refreshToken", 30)},
    ),
    "cognito-client-no-password-flow": ResourceCase(
        USER_POOL_CLIENT,
        good={"explicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]},
        bad={
            "the user's": {"explicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH"]},
            "an administrator's": {"explicitAuthFlows": ["ALLOW_ADMIN_USER_PASSWORD_AUTH"]},
            "an administrator's by its old name": {"explicitAuthFlows": ["ADMIN_NO_SRP_AUTH"]},
            "the user's by its old name": {"explicitAuthFlows": ["USER_PASSWORD_AUTH"]},
        },
        absent="pass",
    ),
    "cognito-client-machine": ResourceCase(
        USER_POOL_CLIENT,
        good=MACHINE,
        bad={
            "with users": {**MACHINE, "allowedOauthFlows": ["client_credentials", "code"]},
            "no secret": {**MACHINE, "generateSecret": False},
            "users by SRP": {**MACHINE, "explicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]},
            "Cognito's flows": {"allowedOauthFlows": ["client_credentials"], "generateSecret": True},
            "a secret for nothing": {"generateSecret": True},
        },
        absent="pass",
        also_good={
            "a page": {"allowedOauthFlows": ["code"], "explicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]},
            "a server": {"allowedOauthFlows": ["code"], "generateSecret": True},
        },
    ),
    "cognito-client-no-self-admin": ResourceCase(
        USER_POOL_CLIENT,
        good={"allowedOauthScopes": ["openid", "email"]},
        bad={"among others": {"allowedOauthScopes": ["openid", "aws.cognito.signin.user.admin"]}},
        absent="pass",
    ),
}
