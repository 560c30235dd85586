"""Conditions of published controls on IAM policies, beyond the rules of the pack."""

from toolkit.policy.iam.documents import Statement, every_statement, statements
from toolkit.policy.rule import Levels, ResourceCheck, ResourceRule, Severity, controls
from toolkit.policy.stack import Stack
from toolkit.stacks.facts import Broken, Facts

_POLICIES = tuple(
    f"aws:iam/{name[0].lower()}{name[1:]}:{name}" for name in ("Policy", "RolePolicy", "UserPolicy", "GroupPolicy")
)
_ATTACHMENTS = tuple(
    f"aws:iam/{name[0].lower()}{name[1:]}:{name}"
    for name in ("RolePolicyAttachment", "PolicyAttachment", "UserPolicyAttachment", "GroupPolicyAttachment")
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
    """A check that no statement without a condition allows one of the calls on all resources."""

    def harmless(statement: Statement) -> bool:
        open_to_all = statement.allows and statement.on_everything and not statement.conditions
        return not open_to_all or not statement.may(*actions)

    def check(policy: Facts, _stack: Stack) -> bool | Broken:
        return every_statement(statements(policy, "policy"), harmless)

    return check


def _without_wildcards(policy: Facts, _stack: Stack) -> bool | Broken:
    return every_statement(
        statements(policy, "policy"),
        lambda one: not one.allows or not any("*" in part for part in (*one.actions, *one.resources)),
    )


iam_no_credentials = ResourceRule(
    name="iam-no-credentials-exposure",
    description="IAM policies do not allow calls that return credentials on all resources",
    severity=Severity.HIGH,
    levels=Levels.WARNS,
    controls=controls("CHECKOV: CKV_AWS_287"),
    types=_POLICIES,
    checks={
        "a statement allows a call that returns credentials on all resources; name the resources": _not_on_everything(
            *_CREDENTIALS
        )
    },
)

iam_no_exfiltration = ResourceRule(
    name="iam-no-data-exfiltration",
    description="IAM policies do not allow reading objects, parameters or secrets on all resources",
    severity=Severity.HIGH,
    levels=Levels.WARNS,
    controls=controls("CHECKOV: CKV_AWS_288"),
    types=_POLICIES,
    checks={
        "a statement allows to read objects, parameters or secrets on all resources; name them": _not_on_everything(
            *_READING
        )
    },
)

iam_no_wildcards = ResourceRule(
    name="iam-no-wildcards",
    description="IAM policies have no wildcards in actions and resources",
    severity=Severity.LOW,
    levels=Levels.WARNS,
    controls=controls("NAG: IAM5"),
    types=_POLICIES,
    checks={"an action or a resource has a wildcard; name each, or accept it with a reason": _without_wildcards},
)

iam_no_aws_managed = ResourceRule(
    name="iam-no-aws-managed",
    description="AWS managed policies are not attached",
    severity=Severity.LOW,
    levels=Levels.WARNS,
    controls=controls("NAG: IAM4"),
    types=_ATTACHMENTS,
    checks={
        "policyArn is an AWS managed policy; write one with the needed calls": lambda attachment, _: (
            ":iam::aws:policy/" not in attachment.text("policyArn")
        )
    },
)

CONDITIONS = (iam_no_credentials, iam_no_exfiltration, iam_no_wildcards, iam_no_aws_managed)
