"""The tokens that GitHub gives workflow runs, and which roles of an account they open."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.support.accounts import bootstrap_graph, named
from toolkit.policy.iam.evaluation import PolicyResult, evaluate_policies

ISSUER = "token.actions.githubusercontent.com"
MAIN = "refs/heads/main"


@dataclass(frozen=True)
class Token:
    """What GitHub says of a workflow run."""

    context: str
    ref: str
    environment: str | None = None
    repository: str = "example/items-api"
    numbers: tuple[int, int] = (1000001, 2000002)
    audience: str = "sts.amazonaws.com"

    def claims(self, *, immutable: bool) -> dict[str, str]:
        """Its claims, by the subject's classic or immutable form."""
        (owner, name), (owner_id, repository_id) = self.repository.split("/"), self.numbers
        who = f"{owner}@{owner_id}/{name}@{repository_id}" if immutable else self.repository
        claims = {
            "sub": f"repo:{who}:{self.context}",
            "aud": self.audience,
            "repository": self.repository,
            "repository_id": str(repository_id),
            "ref": self.ref,
            **({"environment": self.environment} if self.environment else {}),
        }
        return {f"{ISSUER}:{claim}": value for claim, value in claims.items()}


def assumable_roles(token: Token, stack: str, roles: Iterable[str], *, immutable: bool) -> set[str]:
    """Return those of the roles of a stack's account that can be assumed with the token."""
    claims = token.claims(immutable=immutable)
    trusts = {role: named(bootstrap_graph(stack), f"{role}-role").inputs["assumeRolePolicy"] for role in roles}
    action = "sts:AssumeRoleWithWebIdentity"
    return {
        role
        for role, trust in trusts.items()
        if evaluate_policies([trust], action, "*", claims) is PolicyResult.ALLOWED
    }
