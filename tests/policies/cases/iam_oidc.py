"""Roles for GitHub's workflow runs that keep each rule, and the usual mistakes."""

from typing import Any

from policies.rules.iam_oidc import AUDIENCE, ISSUER
from tests.support.rule_cases import ResourceCase
from toolkit.resource_types.iam import OIDC_PROVIDER, ROLE

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
        also_good={"of somebody else": {"url": "https://accounts.example.com", "clientIdLists": ["web"]}},
    ),
}
