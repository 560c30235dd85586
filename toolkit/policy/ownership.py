"""Which account, repository and environments a stack belongs to, as its own settings state them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.stacks.facts import Facts
from toolkit.stacks.provider_inputs import provider_accounts

_REVIEW_ENVIRONMENTS = ("review", "review-cleanup")


@dataclass(frozen=True)
class Repository:
    """The GitHub repository that may deploy, by its names and by the numbers that outlive them."""

    owner: str
    owner_id: str
    name: str
    id: str


@dataclass(frozen=True)
class Ownership:
    """What the settings of a stack state; nothing is empty, and then nothing is compared with it."""

    account: str = ""
    repository: Repository | None = None
    branch: str = "main"
    stacks: frozenset[str] = frozenset()
    """The stacks that are deployed to the account, each from the GitHub environment of its name."""
    reviews: bool = False
    """Whether pull requests deploy stacks of their own to the account."""

    @property
    def environments(self) -> frozenset[str]:
        """The GitHub environments that deploy to the account."""
        return self.stacks | frozenset(_REVIEW_ENVIRONMENTS if self.reviews else ())

    def accounts(self, facts: Facts) -> frozenset[str]:
        """Return the account of the settings, or those that the resource's provider is limited to."""
        return frozenset({self.account} if self.account else provider_accounts(facts))


def ownership_in(settings: Mapping[str, Any]) -> Ownership:
    """Return what the settings state; a value of another type counts as not stated."""
    account, stacks, branch = settings.get("account-id"), settings.get("stacks"), settings.get("branch")
    named = [each for each in stacks if isinstance(each, str)] if isinstance(stacks, list | tuple) else []
    return Ownership(
        account=account if isinstance(account, str) else "",
        repository=_repository_in(settings.get("repository")),
        branch=branch if isinstance(branch, str) else "main",
        stacks=frozenset(named),
        reviews=settings.get("reviews") is True,
    )


def _repository_in(found: Any) -> Repository | None:
    if not isinstance(found, Mapping) or any(found.get(key) is None for key in ("owner", "owner-id", "name", "id")):
        return None
    return Repository(str(found["owner"]), str(found["owner-id"]), str(found["name"]), str(found["id"]))
