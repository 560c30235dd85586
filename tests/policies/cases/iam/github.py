"""Cases of the rules on roles that GitHub Actions assumes by OIDC."""

from typing import Any

from policies.rules.iam.github import AUDIENCE, ISSUER
from tests.support.policy_servicer import Subject
from tests.support.rule_cases import ResourceCase, StackCase
from toolkit.resource_types.iam import OIDC_PROVIDER, POLICY, ROLE, ROLE_ATTACHMENT

PROVIDER = f"arn:aws:iam::333333333333:oidc-provider/{ISSUER}"
CLASSIC = "repo:an-owner/a-name:environment:prod"
IMMUTABLE = "repo:an-owner@1234/a-name@5678:environment:prod"


def role(**condition: dict[str, Any]) -> dict[str, Any]:
    held = {
        operator.replace("_", ":"): {f"{ISSUER}:{claim}": value for claim, value in claims.items()}
        for operator, claims in condition.items()
    }
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": PROVIDER},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": held,
    }
    return {"assumeRolePolicy": {"Version": "2012-10-17", "Statement": [statement]}}


def subject(sub: Any, operator: str = "StringLike") -> dict[str, Any]:
    audience, runs = {"aud": AUDIENCE}, {"sub": sub}
    return (
        role(StringEquals={**audience, **runs})
        if operator == "StringEquals"
        else role(StringEquals=audience, **{operator: runs})
    )


def issued_by(provider: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Federated": provider}, "Action": "sts:AssumeRoleWithWebIdentity"}
    return {"assumeRolePolicy": {"Statement": [statement]}}


def second_statement() -> dict[str, Any]:
    """A good one first: a check that stops there would pass."""
    first, second = (found["assumeRolePolicy"]["Statement"] for found in (subject(CLASSIC), subject("*")))
    return {"assumeRolePolicy": {"Statement": [*first, *second]}}


REPOSITORY = "repo:an-owner/a-name"
PROD = f"{REPOSITORY}:environment:prod"


def deploying(sub: str | list[str], ref: str | None = "refs/heads/main") -> Subject:
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


PULL_REQUEST = deploying(f"{REPOSITORY}:pull_request", "refs/pull/*/merge")


CASES = {
    "iam-oidc-trust": ResourceCase(
        ROLE,
        good=role(
            StringEquals={"aud": AUDIENCE, "sub": [CLASSIC, IMMUTABLE], "repository_id": "5678", "environment": "prod"},
            StringLike={"ref": "refs/heads/main"},
        ),
        bad={
            "no aud": role(StringEquals={"sub": CLASSIC}),
            "another aud": role(StringEquals={"sub": CLASSIC, "aud": [AUDIENCE, "another"]}),
            "no sub": role(StringEquals={"aud": AUDIENCE}),
            "any": subject("*"),
            "an owner's": subject("repo:an-owner/*"),
            "an owner's environments": subject("repo:an-owner/*:environment:prod"),
            "any run": subject("repo:an-owner/a-name:*"),
            "any branch": subject("repo:an-owner/a-name:ref:refs/heads/*"),
            "names that begin like it": subject("repo:an-owner/a-name*:environment:prod"),
            "a wildcard first": subject("*:environment:prod"),
            "no repository": subject("environment:prod"),
            "the second is open": subject([CLASSIC, "*"]),
            "all of no values": subject(CLASSIC, "ForAllValues_StringEquals"),
            "if there is one": subject(CLASSIC, "StringEqualsIfExists"),
            "all but": subject(CLASSIC, "StringNotEquals"),
            "another statement": second_statement(),
            "two repositories": subject([CLASSIC, "repo:an-owner/another:environment:prod"], "StringEquals"),
            "another issuer": issued_by("arn:aws:iam::333333333333:oidc-provider/issuer.example.com"),
            "any identity pool": issued_by("cognito-identity.amazonaws.com"),
        },
        absent="pass",
        also_good={
            "a pull request": subject("repo:an-owner/a-name:pull_request", "StringEquals"),
            "a branch": subject("repo:an-owner/a-name:ref:refs/heads/main", "StringEquals"),
            "releases": subject("repo:an-owner/a-name:ref:refs/tags/v*"),
            "some of the values": subject(CLASSIC, "ForAnyValue_StringEquals"),
        },
    ),
    "iam-oidc-trust-numbered": ResourceCase(
        ROLE,
        good=role(StringEquals={"aud": AUDIENCE, "sub": [CLASSIC, IMMUTABLE], "repository_id": "5678"}),
        bad={"a name": subject(CLASSIC), "a name beside a number": subject([CLASSIC, IMMUTABLE])},
        absent="pass",
        also_good={"in the subject": subject(IMMUTABLE, "StringEquals")},
    ),
    "iam-oidc-provider-audience": ResourceCase(
        OIDC_PROVIDER,
        good={"url": f"https://{ISSUER}", "clientIdLists": [AUDIENCE]},
        bad={"any": {"url": f"https://{ISSUER}", "clientIdLists": [AUDIENCE, "https://github.com/an-owner"]}},
        absent="pass",
        also_good={"of another issuer": {"url": "https://accounts.example.com", "clientIdLists": ["web"]}},
    ),
    "github-roles-reviewed": StackCase(
        good=able(deploying(PROD), "dynamodb:CreateTable"),
        bad={
            "a pull request writes": able(PULL_REQUEST, "s3:GetObject", "s3:PutObject"),
            "a pull request beside": able(deploying([PROD, f"{REPOSITORY}:pull_request"]), "dynamodb:CreateTable"),
            "a pull request with AWS's policy": managed(PULL_REQUEST, "AmazonS3FullAccess"),
            "a branch without approval": able(deploying(f"{REPOSITORY}:ref:refs/heads/main"), "dynamodb:CreateTable"),
            "an environment from any ref": able(deploying(PROD, "*"), "dynamodb:CreateTable"),
            "an environment from any branch": able(deploying(PROD, "refs/heads/*"), "dynamodb:CreateTable"),
            "an environment from a pull request": able(deploying(PROD, "refs/pull/*/merge"), "dynamodb:CreateTable"),
            "an environment without a ref": able(deploying(PROD, None), "dynamodb:CreateTable"),
            "a wildcard that writes": able(PULL_REQUEST, "s3:*"),
        },
        also_good={
            "a pull request reads": able(PULL_REQUEST, "s3:GetObject", "s3:List*", "kms:Decrypt"),
            "a pull request with AWS's policy that reads": managed(PULL_REQUEST, "ReadOnlyAccess"),
            "the branch reads": able(deploying(f"{REPOSITORY}:ref:refs/heads/main"), "dynamodb:DescribeTable"),
        },
    ),
}
