"""What differs between accounts: who they are, which repository deploys which stacks there, what they may cost."""

from typing import Annotated, Literal, Self

import pulumi
from pydantic import Field, StringConstraints, ValidationError, model_validator

from infrastructure.settings.groups import BudgetSettings
from infrastructure.settings.model import Settings
from infrastructure.settings.values import LogRetentionDays, Tag
from toolkit.stacks.settings import AccountId
from toolkit.stacks.validation_errors import sentences

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,19}$")]
RepositoryName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
Branch = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$")]

KEY = "items-api-bootstrap:settings"


class RepositorySettings(Settings):
    """The one GitHub repository whose workflows are trusted, by names and by the numbers that outlive them."""

    owner: RepositoryName
    owner_id: int = Field(ge=1, description="gh api users/OWNER --jq .id")
    name: RepositoryName
    id: int = Field(ge=1, description="gh api repos/OWNER/NAME --jq .id")


class BootstrapSettings(Settings):
    """The one object `items-api-bootstrap:settings` of an account's stack file."""

    project: Name = Field(description="The Pulumi project that is deployed to this account.")
    account_id: AccountId = Field(description="The only account that this foundation may be laid in.")
    owner: Tag
    cost_center: Tag
    stacks: tuple[Name, ...] = Field((), description="The stacks that are deployed to this account; none with reviews.")
    previews_read_secrets: bool = Field(
        False, description="A pull request's preview may decrypt the stacks' secrets, and so may whoever writes one."
    )
    reviews: bool = Field(
        False,
        description="Pull requests' own stacks live here, and nothing else: their role reaches all of the account, "
        "because APIs and user pools are named by AWS, tables and buckets by no stack.",
    )
    github_provider: Literal["create", "existing"] = Field(
        "create",
        description="`existing` where the account has GitHub's OIDC provider already, of which there can be only one: "
        "the roles trust it, and nothing is created.",
    )
    repository: RepositorySettings
    branch: Branch = Field("main", description="Only its workflow runs may plan and deploy.")
    trail_retention_days: LogRetentionDays = 365
    budget: BudgetSettings

    @model_validator(mode="after")
    def _safe_for_its_stacks(self) -> Self:
        if self.reviews and self.stacks:
            raise ValueError("stacks must be empty with reviews: pull requests' stacks have their own account")
        if self.reviews and self.previews_read_secrets:
            raise ValueError("previews-read-secrets must be off with reviews: no stack of the account is previewed")
        if not self.reviews and (not self.stacks or len(set(self.stacks)) < len(self.stacks)):
            raise ValueError("stacks must name one or more, none of them twice: each has one deploy role")
        if "prod" in self.stacks and self.previews_read_secrets:
            raise ValueError("previews-read-secrets must be off beside prod: a pull request is code nobody reviewed")
        if "prod" in self.stacks and self.trail_retention_days < 90:
            raise ValueError("trail-retention-days must be 90 or more beside prod")
        return self


def load_bootstrap_settings() -> BootstrapSettings:
    """The settings of this account; RunError, one sentence for each mistake, where they cannot be used."""
    file, readme = f"Pulumi.{pulumi.get_stack()}.yaml", "infrastructure/bootstrap/README.md"
    written = pulumi.Config().get("settings")
    if written is None:
        raise pulumi.RunError(f"{file}: config has no {KEY}; {readme} describes it.")
    try:
        return BootstrapSettings.model_validate_json(written)
    except ValidationError as error:
        known = "infrastructure/bootstrap/settings.py"
        raise pulumi.RunError("\n".join(sentences(file, error, key=KEY, schema=known))) from None
