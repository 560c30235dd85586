"""Rules on user pools."""

from policies.bounds import bounds_of
from toolkit.policy.rule import Level, Levels, ResourceCheck, ResourceRule, Severity, controls
from toolkit.policy.stack import Stack
from toolkit.resource_types.cognito import IDENTITY_POOL, USER_POOL
from toolkit.stacks.inputs import Inputs, Violations, every


def _requires(requirement: str) -> ResourceCheck:
    """Require the kind of character; without a passwordPolicy Cognito requires all kinds."""
    return lambda pool, _: pool.flag(f"passwordPolicy.{requirement}", not pool.has("passwordPolicy"))


def _tier(pool: Inputs) -> str:
    return pool.text("userPoolTier", "ESSENTIALS")


cognito_password = ResourceRule(
    name="cognito-password",
    description="User pools have a strong password policy",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    controls=controls(
        "FSBP: Cognito.3; NAG: COG1; PROWLER: cognito_user_pool_password_policy_minimum_length_14,"
        "cognito_user_pool_password_policy_lowercase, cognito_user_pool_password_policy_uppercase,"
        "cognito_user_pool_password_policy_number, cognito_user_pool_password_policy_symbol"
    ),
    types=(USER_POOL,),
    checks={
        "passwordPolicy.minimumLength is below {bounds.shortest_password} (8 by default); raise it": (
            lambda pool, stack: pool.number("passwordPolicy.minimumLength", 8) >= bounds_of(stack).shortest_password
        ),
        "passwordPolicy.requireLowercase is not true; set it to true": _requires("requireLowercase"),
        "passwordPolicy.requireUppercase is not true; set it to true": _requires("requireUppercase"),
        "passwordPolicy.requireNumbers is not true; set it to true": _requires("requireNumbers"),
        "passwordPolicy.requireSymbols is not true; set it to true": _requires("requireSymbols"),
    },
)

cognito_temporary_password = ResourceRule(
    name="cognito-temporary-password",
    description="Temporary passwords expire within 7 days",
    severity=Severity.LOW,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("FSBP: Cognito.3; PROWLER: cognito_user_pool_temporary_password_expiration"),
    types=(USER_POOL,),
    message="passwordPolicy.temporaryPasswordValidityDays is above 7; lower it",
    check=lambda pool, _: pool.number("passwordPolicy.temporaryPasswordValidityDays", 7) <= 7,
)

cognito_mfa = ResourceRule(
    name="cognito-mfa",
    description="User pools require MFA",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls(
        "FSBP: Cognito.5; NAG: COG2; GUARD: cognito_user_pool_mfa; PROWLER: cognito_user_pool_mfa_enabled"
    ),
    types=(USER_POOL,),
    checks={
        "mfaConfiguration is not ON (OFF by default); set it to ON": (
            lambda pool, _: pool.text("mfaConfiguration", "OFF") == "ON"
        ),
        "softwareTokenMfaConfiguration.enabled is not true, so no TOTP factor is available; set it to true": (
            lambda pool, _: pool.flag("softwareTokenMfaConfiguration.enabled")
        ),
    },
)

cognito_no_text_messages = ResourceRule(
    name="cognito-no-text-messages",
    description="User pools send no SMS messages",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("PROWLER: cognito_user_pool_account_recovery_sms_not_preferred"),
    types=(USER_POOL,),
    checks={
        "smsConfiguration lets the pool send SMS messages; remove it": (
            lambda pool, _: not pool.has("smsConfiguration")
        ),
        "accountRecoverySetting.recoveryMechanisms has verified_phone_number; use verified_email only": (
            lambda pool, _: every(
                pool.parts("accountRecoverySetting.recoveryMechanisms"),
                lambda mechanism: mechanism.text("name") != "verified_phone_number",
            )
        ),
    },
)

_VERIFIED_BY = {"verified_email": "email", "verified_phone_number": "phone_number"}


def _recovery_addresses_are_verified(pool: Inputs, _stack: Stack) -> bool | Violations:
    verified = set(pool.texts("autoVerifiedAttributes"))
    mechanisms = pool.parts("accountRecoverySetting.recoveryMechanisms")
    return every(mechanisms, lambda one: {_VERIFIED_BY.get(one.text("name"))} <= verified | {None})


cognito_recovery_verified = ResourceRule(
    name="cognito-recovery-verified",
    description="Account recovery uses a verified email address",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(USER_POOL,),
    checks={
        "accountRecoverySetting is absent, so Cognito prefers SMS messages; set it to verified_email": (
            lambda pool, _: bool(pool.parts("accountRecoverySetting.recoveryMechanisms"))
        ),
        "recoveryMechanisms has an address that autoVerifiedAttributes lacks; add it there": (
            _recovery_addresses_are_verified
        ),
    },
)
"""https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AccountRecoverySettingType.html
(read 2026-11-30)"""

cognito_threat_protection = ResourceRule(
    name="cognito-threat-protection",
    description="User pools have threat protection in full-function mode",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_WHERE_KEPT,
    controls=controls("FSBP: Cognito.1; NAG: COG8; PROWLER: cognito_user_pool_advanced_security_enabled"),
    types=(USER_POOL,),
    checks={
        "userPoolAddOns.advancedSecurityMode is not ENFORCED (OFF by default); set it to ENFORCED": (
            lambda pool, _: pool.text("userPoolAddOns.advancedSecurityMode", "OFF") == "ENFORCED"
        ),
        "userPoolTier is not PLUS, which threat protection requires; set it to PLUS, which has a price per user": (
            lambda pool, _: _tier(pool) == "PLUS"
        ),
    },
)

cognito_tier = ResourceRule(
    name="cognito-tier",
    description="User pools outside prod do not have the feature plan Plus",
    severity=Severity.MEDIUM,
    levels=Levels(Level.MANDATORY, Level.ADVISORY),
    types=(USER_POOL,),
    message="userPoolTier is PLUS, which is billed from the first user; set it to LITE or ESSENTIALS",
    check=lambda pool, _: _tier(pool) in {"LITE", "ESSENTIALS"},
)

cognito_deletion_protection = ResourceRule(
    name="cognito-deletion-protection",
    description="User pools have deletion protection enabled",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS_WHERE_KEPT,
    controls=controls("FSBP: Cognito.6; PROWLER: cognito_user_pool_deletion_protection_enabled"),
    types=(USER_POOL,),
    message="deletionProtection is not ACTIVE (INACTIVE by default); set it to ACTIVE",
    check=lambda pool, _: pool.text("deletionProtection", "INACTIVE") == "ACTIVE",
)

cognito_invited_only = ResourceRule(
    name="cognito-invited-only",
    description="Only administrators can create users",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS,
    controls=controls("PROWLER: cognito_user_pool_self_registration_disabled"),
    types=(USER_POOL,),
    message="adminCreateUserConfig.allowAdminCreateUserOnly is not true (false by default); set it to true",
    check=lambda pool, _: pool.flag("adminCreateUserConfig.allowAdminCreateUserOnly"),
)

cognito_names_fold = ResourceRule(
    name="cognito-names-fold",
    description="User names are case insensitive",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(USER_POOL,),
    message="usernameConfiguration.caseSensitive is not false (true by default); set it to false",
    check=lambda pool, _: not pool.flag("usernameConfiguration.caseSensitive", default=True),
)

cognito_custom_auth_protected = ResourceRule(
    name="cognito-custom-auth-protected",
    description="Threat protection includes custom authentication",
    severity=Severity.LOW,
    levels=Levels.REPORTED,
    controls=controls("FSBP: Cognito.4"),
    types=(USER_POOL,),
    message="userPoolAddOns.advancedSecurityAdditionalFlows.customAuthMode is not ENFORCED; set it",
    check=lambda pool, _: pool.text("userPoolAddOns.advancedSecurityAdditionalFlows.customAuthMode") == "ENFORCED",
)

cognito_no_guests = ResourceRule(
    name="cognito-no-guests",
    description="Identity pools do not allow unauthenticated identities",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    controls=controls(
        "FSBP: Cognito.2; NAG: COG7; CHECKOV: CKV_AWS_366; PROWLER: cognito_identity_pool_guest_access_disabled"
    ),
    types=(IDENTITY_POOL,),
    message="allowUnauthenticatedIdentities is true; set it to false",
    check=lambda pool, _: not pool.flag("allowUnauthenticatedIdentities"),
)

cognito_no_classic_flow = ResourceRule(
    name="cognito-no-classic-flow",
    description="Identity pools do not let the caller choose the role",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    types=(IDENTITY_POOL,),
    message="allowClassicFlow is true, so callers choose their role; set it to false",
    check=lambda pool, _: not pool.flag("allowClassicFlow"),
)

cognito_identity_checked = ResourceRule(
    name="cognito-identity-checked",
    description="Identity pools check tokens with the user pool",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(IDENTITY_POOL,),
    message="cognitoIdentityProviders has one without serverSideTokenCheck (false by default); set it to true",
    check=lambda pool, _: every(
        pool.parts("cognitoIdentityProviders"), lambda provider: provider.flag("serverSideTokenCheck")
    ),
)
