"""Cognito user pools and their domains."""

from collections.abc import Mapping
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, unless_gone
from toolkit.localcloud.provider.fields import from_aws, to_aws

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
CHANGED = {
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
FIXED = {
    "aliasAttributes": "AliasAttributes",
    "usernameAttributes": "UsernameAttributes",
    "usernameConfiguration": ("UsernameConfiguration", {"caseSensitive": "CaseSensitive"}),
    "schemas": ("Schema", ATTRIBUTE),
}
MFA = {"mfaConfiguration", "softwareTokenMfaConfiguration"}


def _create_pool(aws: Aws, wanted: Properties) -> str:
    answer = aws.client("cognito-idp").create_user_pool(
        PoolName=wanted["name"], **to_aws(wanted, FIXED), **_changeable(wanted, wanted["tagsAll"])
    )
    return str(answer["UserPool"]["Id"])


def _changeable(wanted: Properties, tags: Mapping[str, str]) -> dict[str, Any]:
    policies = to_aws(wanted, POLICIES)
    return {
        **to_aws(wanted, CHANGED),
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
    answer = unless_gone(client.describe_user_pool, UserPoolId=pool_id)
    if answer is None:
        return None
    pool = answer["UserPool"]
    mfa = client.get_user_pool_mfa_config(UserPoolId=pool_id)
    token = mfa.get("SoftwareTokenMfaConfiguration") or {}
    state = {
        **from_aws(pool, {**CHANGED, **FIXED}),
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
    if "schemas" in known:  # AWS answers with every standard attribute too
        state["schemas"] = known["schemas"]
    return state


def _update_pool(aws: Aws, pool: str, _state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
    aws.client("cognito-idp").update_user_pool(UserPoolId=pool, **_changeable(wanted, wanted["tagsAll"]))
    if changed & MFA:
        _set_mfa(aws, pool, wanted)


def _tags(aws: Aws, pool: str, state: Properties, tags: Mapping[str, str], _gone: list[str]) -> None:
    """Lay the whole pool's settings again, with the tags: moto does not tag user pools in any other way."""
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
    answer = unless_gone(aws.client("cognito-idp").describe_user_pool_domain, Domain=domain)
    described = (answer or {}).get("DomainDescription") or {}
    if not described.get("UserPoolId"):
        return None
    distribution = described.get("CloudFrontDistribution", "")
    state = {
        "domain": domain,
        "userPoolId": described["UserPoolId"],
        "awsAccountId": aws.account_id,  # moto answers another one each time
        "cloudfrontDistribution": distribution,
        "cloudfrontDistributionArn": distribution,
        "cloudfrontDistributionZoneId": "Z2FDTNDATAQYW2",
        "s3Bucket": described.get("S3Bucket", ""),
        "version": described.get("Version", ""),
    }
    return {**{key: known[key] for key in ("managedLoginVersion", "certificateArn") if key in known}, **state}


def _delete_domain(aws: Aws, domain: str, outputs: Properties) -> None:
    aws.client("cognito-idp").delete_user_pool_domain(Domain=domain, UserPoolId=outputs["userPoolId"])


ENTRIES = (
    Entry(
        type="aws:cognito/userPool:UserPool",
        inputs=frozenset(CHANGED) | frozenset(POLICIES) | frozenset(FIXED) | MFA | {"name", "tags"},
        replaced_by=frozenset(FIXED) | {"name"},
        name_property="name",
        tags=_tags,
        create=_create_pool,
        settle=_set_mfa,
        read=_read_pool,
        update=_update_pool,
        delete=lambda aws, pool, _outputs: aws.client("cognito-idp").delete_user_pool(UserPoolId=pool),
    ),
    Entry(
        type="aws:cognito/userPoolDomain:UserPoolDomain",
        inputs=frozenset({"domain", "userPoolId", "certificateArn", "managedLoginVersion"}),
        required=frozenset({"domain", "userPoolId"}),
        create=_create_domain,
        read=_read_domain,
        delete=_delete_domain,
    ),
)
