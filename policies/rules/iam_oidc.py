"""Rules on roles that GitHub's workflow runs may take."""

import re
from collections.abc import Callable

from policies.policy_documents import Condition, Statement, every_statement
from policies.rule import BLOCKS, WARNS_THEN_BLOCKS, ResourceCheck, ResourceRule, Severity, controls
from policies.rules.iam_role import ROLE, trust

OIDC_PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
ISSUER = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"

_SUBJECT = re.compile(
    r"repo:[\w.-]+(@\d+)?/[\w.-]+(@\d+)?:"
    r"(pull_request|environment:[^*?:]+|ref:refs/heads/[^*?:]+|ref:refs/tags/[^*?:]+\*?)"
)
"""One repository, by names alone or with numbers, and what of it runs: an environment, a branch, tags, a request."""


def _of_github(statement: Statement) -> bool:
    return statement.allows and any(
        kind == "Federated" and name.endswith(f"oidc-provider/{ISSUER}") for kind, name in statement.principals
    )


def _claim(statement: Statement, name: str) -> tuple[Condition, ...]:
    return statement.pinned(f"{ISSUER}:{name}")


def _names_audience(statement: Statement) -> bool:
    return any(condition.values == (AUDIENCE,) for condition in _claim(statement, "aud"))


def _names_runs(statement: Statement) -> bool:
    """One condition on the subject, each of whose values is a repository with what runs in it."""
    return any(all(map(_SUBJECT.fullmatch, condition.values)) for condition in _claim(statement, "sub"))


def _numbers_repository(statement: Statement) -> bool:
    numbered = _claim(statement, "repository_id") or _claim(statement, "repository_owner_id")
    return bool(numbered) or any(
        all("@" in value for value in condition.values) for condition in _claim(statement, "sub")
    )


def _of_github_runs(holds: Callable[[Statement], bool]) -> ResourceCheck:
    return lambda role, _: every_statement(trust(role), lambda each: not _of_github(each) or holds(each))


iam_oidc_trust = ResourceRule(
    name="iam-oidc-trust",
    says="A role for GitHub is taken by runs of one repository, in one environment, branch or pull request.",
    severity=Severity.CRITICAL,
    levels=BLOCKS,
    controls=controls("CHECKOV: CKV_AWS_358, CKV_AWS_393"),
    types=(ROLE,),
    checks={
        f"a statement for GitHub does not hold the token's aud to {AUDIENCE}; add StringEquals for it": (
            _of_github_runs(_names_audience)
        ),
        "a statement for GitHub does not hold the token's sub to repo:OWNER/NAME and what runs; name the environment, "
        "the branch or pull_request, without a wildcard, ForAllValues or IfExists": _of_github_runs(_names_runs),
    },
)

iam_oidc_trust_numbered = ResourceRule(
    name="iam-oidc-trust-numbered",
    says="A role for GitHub is lost with its repository: who takes over the name does not take over the role.",
    severity=Severity.MEDIUM,
    levels=WARNS_THEN_BLOCKS,
    types=(ROLE,),
    checks={
        "a statement for GitHub knows the repository by name only; hold the token's repository_id too": (
            _of_github_runs(_numbers_repository)
        )
    },
)

iam_oidc_provider_audience = ResourceRule(
    name="iam-oidc-provider-audience",
    says="GitHub's tokens are taken only when they were made for AWS.",
    severity=Severity.MEDIUM,
    levels=BLOCKS,
    types=(OIDC_PROVIDER,),
    checks={
        f"clientIdLists is not {AUDIENCE} alone; remove the others": lambda provider, _: (
            provider.text("url").removeprefix("https://") != ISSUER or provider.texts("clientIdLists") == (AUDIENCE,)
        )
    },
)

RULES = (iam_oidc_trust, iam_oidc_trust_numbered, iam_oidc_provider_audience)
