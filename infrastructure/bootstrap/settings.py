"""The settings that differ between accounts."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from infrastructure.settings.groups import BudgetSettings, Settings
from infrastructure.settings.loading import read_settings
from infrastructure.settings.values import LogRetentionDays, Tag
from toolkit.stacks.settings import AccountId

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,19}$")]
RepositoryName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
Branch = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$")]

KEY = "items-api-bootstrap:settings"


class RepositorySettings(Settings):
    """The GitHub repository that the account trusts, by names and by ids, which do not change."""

    owner: RepositoryName
    owner_id: int = Field(ge=1, description="gh api users/OWNER --jq .id")
    name: RepositoryName
    id: int = Field(ge=1, description="gh api repos/OWNER/NAME --jq .id")


class BootstrapSettings(Settings):
    """The object `items-api-bootstrap:settings` of an account's stack file."""

    project: Name = Field(description="The Pulumi project that is deployed to this account.")
    account_id: AccountId = Field(description="The account of the bootstrap stack; the provider rejects any other.")
    owner: Tag
    cost_center: Tag
    stacks: tuple[Name, ...] = Field((), description="The stacks that are deployed to this account; none with reviews.")
    previews_read_secrets: bool = Field(
        False,
        description="Previews of pull requests can decrypt the stacks' secrets, and so can authors of pull requests.",
    )
    reviews: bool = Field(
        False,
        description="The account is for review stacks only: their role has access to the whole account, because the "
        "ARNs of APIs and user pools do not name a stack.",
    )
    github_provider: Literal["create", "existing"] = Field(
        "create",
        description="`existing` if the account has GitHub's OIDC provider, of which an account can have one only: "
        "the roles trust it, and none is created.",
    )
    repository: RepositorySettings
    branch: Branch = Field("main", description="The branch whose workflow runs can plan and deploy.")
    trail_retention_days: LogRetentionDays = 365
    budget: BudgetSettings

    @model_validator(mode="after")
    def _valid_for_its_stacks(self) -> Self:
        if self.reviews and self.stacks:
            raise ValueError("stacks must be empty with reviews: pull requests' stacks have their own account")
        if self.reviews and self.previews_read_secrets:
            raise ValueError("previews-read-secrets must be off with reviews: no stack of the account is previewed")
        if not self.reviews and (not self.stacks or len(set(self.stacks)) < len(self.stacks)):
            raise ValueError("stacks must name one or more, none of them twice: each has one deploy role")
        if "bootstrap" in self.stacks:
            raise ValueError("stacks must not name bootstrap: the names of the bootstrap's resources begin with it")
        for longer in self.stacks:
            if shorter := next((stack for stack in self.stacks if longer.startswith(f"{stack}-")), None):
                raise ValueError(
                    f"stacks names {shorter} and {longer}: the role of {shorter} may change every resource whose name "
                    f"begins with {self.project}-{shorter}-; rename one, or give it another account"
                )
        if "prod" in self.stacks and self.previews_read_secrets:
            raise ValueError(
                "previews-read-secrets must be off beside prod: the code of a pull request is not reviewed"
            )
        if "prod" in self.stacks and self.trail_retention_days < 90:
            raise ValueError("trail-retention-days must be 90 or more beside prod")
        return self


def load_bootstrap_settings() -> BootstrapSettings:
    """Return the settings of this account. Raise RunError with one sentence per mistake."""
    return read_settings(
        BootstrapSettings,
        key=KEY,
        described_in="infrastructure/bootstrap/README.md",
        schema="infrastructure/bootstrap/settings.py",
    )
