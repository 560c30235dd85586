"""Which account, repository and environments a stack belongs to, as its own settings state them."""

from collections.abc import Collection
from dataclasses import dataclass

from toolkit.stacks.inputs import Inputs
from toolkit.stacks.references import provider_accounts
from toolkit.stacks.settings import AccountSettings, RepositorySettings

_REVIEW_ENVIRONMENTS = ("review", "review-cleanup")


@dataclass(frozen=True)
class Ownership:
    """What the settings of a stack state; nothing is empty, and then nothing is compared with it."""

    account: str = ""
    repository: RepositorySettings | None = None
    branch: str = "main"
    stacks: frozenset[str] = frozenset()
    """The stacks that are deployed to the account, each from the GitHub environment of its name."""
    reviews: bool = False
    """Whether pull requests deploy review stacks to the account."""
    trusted: frozenset[str] = frozenset()
    """Other accounts that policies of the stack may name."""

    @property
    def environments(self) -> frozenset[str]:
        """The GitHub environments that deploy to the account."""
        return self.stacks | frozenset(_REVIEW_ENVIRONMENTS if self.reviews else ())

    def accounts(self, inputs: Inputs) -> frozenset[str]:
        """Return the account of the settings, or those that the resource's provider is limited to."""
        return frozenset({self.account} if self.account else provider_accounts(inputs))

    def trusted_accounts(self, inputs: Inputs) -> frozenset[str]:
        """Return the accounts that a policy may name; empty where the account of the stack is not known."""
        own = self.accounts(inputs)
        return own | self.trusted if own else own


def ownership_of(settings: AccountSettings, trusted: Collection[str] = ()) -> Ownership:
    """Return what the settings state, with the other accounts that the team trusts."""
    return Ownership(
        account=settings.account_id or "",
        repository=settings.repository,
        branch=settings.branch,
        stacks=frozenset(settings.stacks),
        reviews=settings.reviews,
        trusted=frozenset(trusted),
    )
