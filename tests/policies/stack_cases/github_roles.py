"""Roles that GitHub's runs take: those that read, and those that change something."""

from typing import Any

from policies.rules.iam_oidc import AUDIENCE, ISSUER
from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase
from toolkit.resource_types.iam import POLICY, ROLE, ROLE_ATTACHMENT

REPOSITORY = "repo:an-owner/a-name"
PROD = f"{REPOSITORY}:environment:prod"


def role(sub: str | list[str], ref: str | None = "refs/heads/main") -> Subject:
    claims: dict[str, Any] = {f"{ISSUER}:aud": AUDIENCE, f"{ISSUER}:sub": sub}
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::333333333333:oidc-provider/{ISSUER}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": claims, **({"StringLike": {f"{ISSUER}:ref": ref}} if ref else {})},
    }
    return Subject(ROLE, {"name": "ci", "assumeRolePolicy": {"Statement": [statement]}}, "role")


def able(taken: Subject, *actions: str) -> tuple[Subject, ...]:
    policy = {"Statement": {"Effect": "Allow", "Action": actions, "Resource": "*"}}
    attachment = {"role": ("role",), "policyArn": ("policy",)}
    return (
        taken,
        Subject(POLICY, {"policy": policy}, "policy"),
        Subject(ROLE_ATTACHMENT, {"role": "ci", "policyArn": "arn:a"}, "attached", dependencies=attachment),
    )


def managed(taken: Subject, name: str) -> tuple[Subject, ...]:
    properties = {"role": "ci", "policyArn": f"arn:aws:iam::aws:policy/{name}"}
    return taken, Subject(ROLE_ATTACHMENT, properties, "attached", dependencies={"role": ("role",)})


PULL_REQUEST = role(f"{REPOSITORY}:pull_request", "refs/pull/*/merge")

CASES = {
    "github-roles-reviewed": StackCase(
        good=able(role(PROD), "dynamodb:CreateTable"),
        bad={
            "a pull request writes": able(PULL_REQUEST, "s3:GetObject", "s3:PutObject"),
            "a pull request beside": able(role([PROD, f"{REPOSITORY}:pull_request"]), "dynamodb:CreateTable"),
            "a pull request with AWS's policy": managed(PULL_REQUEST, "AmazonS3FullAccess"),
            "a branch without approval": able(role(f"{REPOSITORY}:ref:refs/heads/main"), "dynamodb:CreateTable"),
            "an environment from any ref": able(role(PROD, "*"), "dynamodb:CreateTable"),
            "an environment from any branch": able(role(PROD, "refs/heads/*"), "dynamodb:CreateTable"),
            "an environment from a pull request": able(role(PROD, "refs/pull/*/merge"), "dynamodb:CreateTable"),
            "an environment without a ref": able(role(PROD, None), "dynamodb:CreateTable"),
            "a wildcard that writes": able(PULL_REQUEST, "s3:*"),
        },
        also_good={
            "a pull request reads": able(PULL_REQUEST, "s3:GetObject", "s3:List*", "kms:Decrypt"),
            "a pull request with AWS's policy that reads": managed(PULL_REQUEST, "ReadOnlyAccess"),
            "the branch reads": able(role(f"{REPOSITORY}:ref:refs/heads/main"), "dynamodb:DescribeTable"),
        },
    ),
}
