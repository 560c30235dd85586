"""Rules on what IAM policies allow, statement by statement."""

import re
from collections.abc import Callable

from toolkit.policy.iam.accounts import account_of, is_own
from toolkit.policy.iam.boundary_calls import is_tagged_as_boundary
from toolkit.policy.iam.documents import Statement, every_statement, names_what_it_allows, statements
from toolkit.policy.iam.role_policies import ATTACHMENTS
from toolkit.policy.rule import Levels, ResourceCheck, ResourceRule, Severity, controls
from toolkit.policy.stack import Stack
from toolkit.resource_types.iam import GROUP_POLICY, POLICY, ROLE_POLICY, USER_POLICY
from toolkit.stacks.inputs import Inputs, Violations

IDENTITY_POLICIES = (POLICY, ROLE_POLICY, USER_POLICY, GROUP_POLICY)

ACCEPTED_ON_EVERYTHING_ONLY = frozenset(
    action.lower()
    for action in (
        *("acm:RequestCertificate", "cloudfront:CreateDistribution", "cloudfront:CreateResponseHeadersPolicy"),
        *("codedeploy:StopDeployment", "cognito-idp:CreateUserPool"),
        *(
            "cognito-idp:DescribeUserPoolDomain",
            "dynamodb:ListBackups",
            "dynamodb:ListStreams",
            "ec2:DescribeAvailabilityZones",
            "kms:CreateKey",
            "kms:ListAliases",
            "lambda:CreateEventSourceMapping",
        ),
        *("logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeDeliveries", "logs:DescribeLogGroups"),
        *("logs:DescribeResourcePolicies", "logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy"),
        *("logs:UpdateLogDelivery", "s3:ListAllMyBuckets", "sns:GetSubscriptionAttributes"),
        *("sns:SetSubscriptionAttributes", "sns:Unsubscribe", "ssm:DescribeParameters", "sts:GetCallerIdentity"),
        *("xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments"),
    )
)
"""Calls without resource-level permissions."""
_LISTS_COMPOSITE_ALARMS = "cloudwatch:describealarms"
"""It accepts the ARNs of alarms, but returns composite alarms only to a permission on `*`.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html, read 2026-11-30.
"""
WITH_THE_CREATION_OF_A_KEY = frozenset({"kms:tagresource", "kms:putkeypolicy"})
"""KMS authorizes these for CreateKey, too, where there is no key yet: then the request carries the key's tags.

docs.aws.amazon.com/kms/latest/developerguide/tag-permissions.html; AWS's reference, dependent actions of CreateKey.
"""
_WIDE_CALL = re.compile(r"[a-z0-9-]+:.*[*?].*", re.IGNORECASE)
_NARROW_WILDCARDS = re.compile(
    r"[a-z0-9-]+:(BatchGet|Describe|Get|Head|List|Lookup|Query|Scan|Search|Simulate|View)[a-z]*\*"
    r"|kms:(GenerateDataKey|ReEncrypt)\*",
    re.IGNORECASE,
)
"""Wildcards for calls that read, and for the two families of KMS calls that AWS documents with a wildcard."""
_WHOLE_SERVICE = re.compile(r"([a-z0-9-]+:)?[*?]+", re.IGNORECASE)
_ALL_OF_A_KIND = re.compile(r"arn(:[^:]*){4}:(role|user|group|policy|key)/\*+")
_OTHER_IDENTITIES = (
    *("iam:CreateUser", "iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile"),
    *("iam:AddUserToGroup", "iam:PutUserPolicy", "iam:AttachUserPolicy", "iam:PutGroupPolicy"),
    *("iam:AttachGroupPolicy", "iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"),
    *("iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary", "iam:UpdateOpenIDConnectProvider*"),
)
_ROLES = (
    *("iam:PassRole", "iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy"),
    *("iam:PutRolePermissionsBoundary", "sts:AssumeRole"),
)


def _statement(holds: Callable[[Statement], bool], *, of_boundaries: bool = False) -> ResourceCheck:
    """Return the check of each statement of a policy; `of_boundaries` also checks permissions boundaries."""
    return lambda policy, _: (
        (not of_boundaries and is_tagged_as_boundary(policy)) or every_statement(statements(policy, "policy"), holds)
    )


def _reaches_all(statement: Statement) -> bool:
    return statement.on_all_resources or any(_ALL_OF_A_KIND.fullmatch(each) for each in statement.resources)


def _is_wide(action: str) -> bool:
    wide = _WIDE_CALL.fullmatch(action) and not _WHOLE_SERVICE.fullmatch(action)
    return bool(wide) and not _NARROW_WILDCARDS.fullmatch(action)


def _in_own_account(policy: Inputs, stack: Stack) -> bool | Violations:
    """Accept an ARN without an account, such as that of a bucket; a wildcard means every account."""
    own = stack.ownership.trusted_accounts(policy)
    return every_statement(
        statements(policy, "policy"),
        lambda each: not each.allows or all(not account_of(arn) or is_own(arn, own) for arn in each.resources),
    )


def _all_need_everything(statement: Statement) -> bool:
    def needs(action: str) -> bool:
        if action.lower() == "cloudwatch:putmetricdata":
            return bool(statement.restrictions("cloudwatch:namespace"))
        if action.lower() in WITH_THE_CREATION_OF_A_KEY:
            tags = {each.key for each in statement.conditions if each.key.startswith("aws:requesttag/")}
            return bool(statement.restrictions(*tags))
        return action.lower() in {*ACCEPTED_ON_EVERYTHING_ONLY, _LISTS_COMPOSITE_ALARMS}

    return all(map(needs, statement.actions))


iam_no_admin = ResourceRule(
    name="iam-no-admin",
    description="IAM policies do not allow all actions on all resources",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    controls=controls(
        "FSBP: IAM.1; CIS3: 1.16; CIS5: 1.15; CIS7: 2.14; CHECKOV: CKV_AWS_1, CKV_AWS_62, CKV2_AWS_40; "
        "GUARD: iam_policy_no_statements_with_admin_access"
    ),
    types=IDENTITY_POLICIES,
    message="a statement allows all actions on all resources; name both",
    check=_statement(
        lambda each: not (each.allows and each.on_all_resources and bool({"*", "*:*"} & set(each.actions))),
        of_boundaries=True,
    ),
)

iam_no_wildcard_action = ResourceRule(
    name="iam-no-wildcard-action",
    description="IAM policies list actions without wildcards",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    controls=controls(
        "FSBP: IAM.21; CHECKOV: CKV_AWS_63, CKV_AWS_49, CKV2_AWS_40; NAG_SERVERLESS: LambdaStarPermissions; "
        "GUARD: iam_policy_no_statements_with_full_access"
    ),
    types=IDENTITY_POLICIES,
    checks={
        "a statement allows all actions of a service; name the calls that the code makes": _statement(
            lambda each: not (each.allows and any(map(_WHOLE_SERVICE.fullmatch, each.actions)))
        ),
        "a statement allows calls that change something by a wildcard; name each call": _statement(
            lambda each: not (each.allows and any(map(_is_wide, each.actions)))
        ),
    },
)

iam_no_wildcard_resource = ResourceRule(
    name="iam-no-wildcard-resource",
    description="IAM policies name resources where the action supports it",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    controls=controls(
        "CHECKOV: CKV_AWS_355, CKV_AWS_356, CKV_AWS_111, CKV_AWS_290, CKV_AWS_289; "
        "GUARD: iam_policydocument_no_wildcard_resource"
    ),
    types=IDENTITY_POLICIES,
    message="a statement allows a call on all resources that AWS also accepts on one; name the resource's ARN",
    check=_statement(lambda each: not (each.allows and each.on_all_resources) or _all_need_everything(each)),
)

iam_no_not_allow = ResourceRule(
    name="iam-no-not-allow",
    description="IAM policies do not allow with NotAction or NotResource",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    controls=controls(
        "CHECKOV: CKV2_AWS_40; "
        "GUARD: iam_role_or_policy_no_allow_plus_not_action, iam_role_or_policy_no_allow_plus_not_resource"
    ),
    types=IDENTITY_POLICIES,
    message="a statement allows with NotAction or NotResource; name what is allowed",
    check=_statement(names_what_it_allows, of_boundaries=True),
)

iam_no_escalation = ResourceRule(
    name="iam-no-escalation",
    description="IAM policies do not allow privilege escalation",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    controls=controls("CHECKOV: CKV_AWS_110, CKV_AWS_286; GUARD: iam_policy_no_wildcard_resource_on_passrole"),
    types=IDENTITY_POLICIES,
    checks={
        "a statement allows to change users, keys, policies or boundaries; remove it": _statement(
            lambda each: not (each.allows and each.matches(*_OTHER_IDENTITIES))
        ),
        "a statement allows to create, change, pass or assume any role; name the roles": _statement(
            lambda each: not (each.allows and each.matches(*_ROLES) and _reaches_all(each))
        ),
        "a statement allows iam:PassRole to any service; limit iam:PassedToService to the needed services": _statement(
            lambda each: (
                not (each.allows and each.matches("iam:PassRole")) or bool(each.restrictions("iam:passedtoservice"))
            )
        ),
    },
)

iam_kms_decrypt_scoped = ResourceRule(
    name="iam-kms-decrypt-scoped",
    description="IAM policies allow decryption only with named KMS keys",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    controls=controls("FSBP: KMS.1, KMS.2"),
    types=IDENTITY_POLICIES,
    message="a statement allows to decrypt with all keys; name the keys' ARNs",
    check=_statement(
        lambda each: not (each.allows and each.matches("kms:Decrypt", "kms:ReEncryptFrom") and _reaches_all(each))
    ),
)

iam_resources_own_account = ResourceRule(
    name="iam-resources-own-account",
    description="IAM policies name only resources of the same account",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    types=IDENTITY_POLICIES,
    message="a statement names a resource of another or of every account; name those of this account",
    check=_in_own_account,
)

_CREDENTIALS = (
    *(
        "chime:CreateApiKey",
        "codeartifact:GetAuthorizationToken",
        "codepipeline:PollForJobs",
        "connect:GetFederationToken",
    ),
    *("cognito-identity:GetCredentialsForIdentity", "cognito-identity:GetOpenIdToken"),
    *("cognito-identity:GetOpenIdTokenForDeveloperIdentity", "ec2:GetPasswordData", "iam:CreateAccessKey"),
    *("iam:CreateLoginProfile", "iam:CreateServiceSpecificCredential", "iam:ResetServiceSpecificCredential"),
    *("iam:UpdateAccessKey", "lightsail:GetInstanceAccessDetails", "rds-db:connect", "redshift:GetClusterCredentials"),
    *("sso:GetRoleCredentials", "sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"),
    *("sts:GetFederationToken", "sts:GetSessionToken"),
)
"""Calls that return credentials, of those that cloudsplaining 0.8 lists and Checkov asks:
https://github.com/salesforce/cloudsplaining/blob/master/cloudsplaining/shared/constants.py (read 2026-11-30)"""

_READING = (
    "s3:GetObject",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
    "secretsmanager:GetSecretValue",
)
"""Calls that return stored data, of the same list."""


def _not_on_everything(*actions: str) -> ResourceCheck:
    """Return the check that no statement without a condition allows one of the calls on all resources."""
    return _statement(
        lambda each: not (each.allows and each.on_all_resources and not each.conditions) or not each.matches(*actions),
        of_boundaries=True,
    )


iam_no_credentials = ResourceRule(
    name="iam-no-credentials-exposure",
    description="IAM policies do not allow calls that return credentials on all resources",
    severity=Severity.HIGH,
    levels=Levels.REPORTED,
    controls=controls("CHECKOV: CKV_AWS_287"),
    types=IDENTITY_POLICIES,
    message="a statement allows a call that returns credentials on all resources; name the resources",
    check=_not_on_everything(*_CREDENTIALS),
)

iam_no_exfiltration = ResourceRule(
    name="iam-no-data-exfiltration",
    description="IAM policies do not allow reading objects, parameters or secrets on all resources",
    severity=Severity.HIGH,
    levels=Levels.REPORTED,
    controls=controls("CHECKOV: CKV_AWS_288"),
    types=IDENTITY_POLICIES,
    message="a statement allows to read objects, parameters or secrets on all resources; name them",
    check=_not_on_everything(*_READING),
)

iam_no_wildcards = ResourceRule(
    name="iam-no-wildcards",
    description="IAM policies have no wildcards in actions and resources",
    severity=Severity.LOW,
    levels=Levels.REPORTED,
    controls=controls("NAG: IAM5"),
    types=IDENTITY_POLICIES,
    message="an action or a resource has a wildcard; name each, or accept it with a reason",
    check=_statement(
        lambda each: not each.allows or not any("*" in part for part in (*each.actions, *each.resources)),
        of_boundaries=True,
    ),
)

iam_no_aws_managed = ResourceRule(
    name="iam-no-aws-managed",
    description="AWS managed policies are not attached",
    severity=Severity.LOW,
    levels=Levels.REPORTED,
    controls=controls("NAG: IAM4"),
    types=ATTACHMENTS,
    message="policyArn is an AWS managed policy; write one with the needed calls",
    check=lambda attachment, _: ":iam::aws:policy/" not in attachment.text("policyArn"),
)
