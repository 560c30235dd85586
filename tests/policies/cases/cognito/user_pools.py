"""Cases of the rules on user pools."""

from typing import Any

from tests.support.rule_cases import ResourceCase
from toolkit.resource_types.cognito import IDENTITY_POOL, USER_POOL

STRONG = {
    "minimumLength": 14,
    "requireLowercase": True,
    "requireUppercase": True,
    "requireNumbers": True,
    "requireSymbols": True,
}
KINDS = ("requireLowercase", "requireUppercase", "requireNumbers", "requireSymbols")


def password(**changed: Any) -> dict[str, Any]:
    return {"passwordPolicy": {**STRONG, **changed}}


def recovery(*names: str) -> dict[str, Any]:
    mechanisms = [{"name": name, "priority": number} for number, name in enumerate(names, 1)]
    return {"accountRecoverySetting": {"recoveryMechanisms": mechanisms}}


CASES = {
    "cognito-password": ResourceCase(
        USER_POOL,
        good=password(),
        bad={
            "short": password(minimumLength=13),
            **{f"without {kind}": password(**{kind: False}) for kind in KINDS},
            "nothing but long": {"passwordPolicy": {"minimumLength": 14}},
        },
        absent="fail",
    ),
    "cognito-temporary-password": ResourceCase(
        USER_POOL,
        good={"passwordPolicy": {"temporaryPasswordValidityDays": 7}},
        bad={"longer": {"passwordPolicy": {"temporaryPasswordValidityDays": 8}}},
        absent="pass",
    ),
    "cognito-mfa": ResourceCase(
        USER_POOL,
        good={"mfaConfiguration": "ON", "softwareTokenMfaConfiguration": {"enabled": True}},
        bad={
            "for those who like": {"mfaConfiguration": "OPTIONAL", "softwareTokenMfaConfiguration": {"enabled": True}},
            "off": {"mfaConfiguration": "OFF"},
            "none to choose": {"mfaConfiguration": "ON"},
        },
        absent="fail",
    ),
    "cognito-no-text-messages": ResourceCase(
        USER_POOL,
        good=recovery("verified_email"),
        bad={
            "a sender": {"smsConfiguration": {"externalId": "x", "snsCallerArn": "arn:aws:iam::1:role/r"}},
            "recovery": recovery("verified_email", "verified_phone_number"),
        },
        absent="pass",
    ),
    "cognito-recovery-verified": ResourceCase(
        USER_POOL,
        good={**recovery("verified_email"), "autoVerifiedAttributes": ["email"]},
        bad={
            "nothing is verified": recovery("verified_email"),
            "another is verified": {**recovery("verified_phone_number"), "autoVerifiedAttributes": ["email"]},
        },
        absent="fail",
        also_good={"administrators": recovery("admin_only")},
    ),
    "cognito-threat-protection": ResourceCase(
        USER_POOL,
        good={"userPoolAddOns": {"advancedSecurityMode": "ENFORCED"}, "userPoolTier": "PLUS"},
        bad={
            "watched only": {"userPoolAddOns": {"advancedSecurityMode": "AUDIT"}, "userPoolTier": "PLUS"},
            "not of this tier": {"userPoolAddOns": {"advancedSecurityMode": "ENFORCED"}},
        },
        absent="fail",
    ),
    "cognito-tier": ResourceCase(
        USER_POOL,
        good={"userPoolTier": "LITE"},
        bad={"dear": {"userPoolTier": "PLUS"}},
        absent="pass",
    ),
    "cognito-deletion-protection": ResourceCase(
        USER_POOL,
        good={"deletionProtection": "ACTIVE"},
        bad={"off": {"deletionProtection": "INACTIVE"}},
        absent="fail",
    ),
    "cognito-invited-only": ResourceCase(
        USER_POOL,
        good={"adminCreateUserConfig": {"allowAdminCreateUserOnly": True}},
        bad={"anybody": {"adminCreateUserConfig": {"allowAdminCreateUserOnly": False}}},
        absent="fail",
    ),
    "cognito-names-fold": ResourceCase(
        USER_POOL,
        good={"usernameConfiguration": {"caseSensitive": False}},
        bad={"capitals count": {"usernameConfiguration": {"caseSensitive": True}}},
        absent="fail",
    ),
    "cognito-no-guests": ResourceCase(
        IDENTITY_POOL,
        good={"allowUnauthenticatedIdentities": False},
        bad={"guests": {"allowUnauthenticatedIdentities": True}},
        absent="pass",
    ),
    "cognito-no-classic-flow": ResourceCase(
        IDENTITY_POOL,
        good={"allowClassicFlow": False},
        bad={"classic": {"allowClassicFlow": True}},
        absent="pass",
    ),
    "cognito-identity-checked": ResourceCase(
        IDENTITY_POOL,
        good={"cognitoIdentityProviders": [{"clientId": "web", "serverSideTokenCheck": True}]},
        bad={
            "one of two": {
                "cognitoIdentityProviders": [{"clientId": "web", "serverSideTokenCheck": True}, {"clientId": "app"}]
            }
        },
        absent="pass",
    ),
}
