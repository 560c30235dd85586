"""Everything that differs between stacks, and nothing else."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from infrastructure.settings.capacity import capacity_violations
from infrastructure.settings.groups import (
    AlarmSettings,
    ApiSettings,
    BudgetSettings,
    DataSettings,
    DomainSettings,
    EdgeSettings,
    FunctionSettings,
    SignInSettings,
)
from infrastructure.settings.model import Settings
from infrastructure.settings.values import PolicyName, Tag
from toolkit.stacks.environments import Environment
from toolkit.stacks.settings import AccountId


class StackSettings(Settings):
    """The one object `items-api:settings` of a stack file."""

    environment: Environment
    account_id: AccountId = Field(description="The only account that this stack may be deployed to.")
    owner: Tag
    cost_center: Tag
    permissions_boundary: PolicyName | None = Field(
        None, description="The managed policy beyond which none of the stack's roles goes; deploy roles demand it."
    )
    expires_on: date | None = Field(None, description="When a pull request's own stack may be removed; for review.")
    data: DataSettings = DataSettings()
    function: FunctionSettings
    api: ApiSettings = ApiSettings()
    domain: DomainSettings | None = Field(None, description="By default the API has the name that AWS gives it.")
    sign_in: SignInSettings
    edge: EdgeSettings | None = Field(None, description="By default there is nothing before the API.")
    delivery: Literal["all-at-once", "canary"] | None = Field(
        None, description="How a new version reaches callers; by default canary in staging and prod."
    )
    log_key: bool | None = Field(
        None,
        description="A KMS key of the stack's own encrypts its logs, for $1 a month, and $1 more for those of an edge; "
        "by default not in dev and review, whose logs AWS's own key encrypts.",
    )
    alarms: AlarmSettings
    budget: BudgetSettings

    @property
    def boundary_arn(self) -> str | None:
        """The ARN of the permissions boundary of the stack's roles."""
        name = self.permissions_boundary
        return f"arn:aws:iam::{self.account_id}:policy/{name}" if name else None

    @property
    def keeps_data(self) -> bool:
        """Whether losing the data of this stack would hurt somebody."""
        return self.environment in {"staging", "prod"}

    @property
    def delivers_gradually(self) -> bool:
        """Whether a new version gets a few of the calls before it gets all."""
        return (self.delivery or ("canary" if self.keeps_data else "all-at-once")) == "canary"

    @property
    def encrypts_logs(self) -> bool:
        """Whether a key of the stack's own encrypts its logs: who may not use the key reads none of them.

        Not in dev and review: they hold nobody's data, and a key costs by the month however short a review lives.
        """
        return self.environment not in {"dev", "review"} if self.log_key is None else self.log_key

    @property
    def serves_docs(self) -> bool:
        """Whether the API serves its OpenAPI document and documentation pages, to everyone."""
        wanted = self.api.docs_enabled
        return self.environment in {"local", "dev", "review"} if wanted is None else wanted

    @property
    def has_room_for_an_edge(self) -> bool:
        """Whether this environment may have an edge at all."""
        return self.environment not in {"local", "review"}

    @model_validator(mode="after")
    def _safe_where_it_runs(self) -> Self:
        complaints = [
            *(_not_on_this_machine(self) if self.environment == "local" else _not_on_aws(self)),
            *(_not_behind_an_edge(self) if self.edge is not None and self.has_room_for_an_edge else ()),
            *_not_with_snapshots(self),
            *_not_as_a_review(self),
            *(_not_where_data_is_kept(self) if self.keeps_data else ()),
            *(_not_in_prod(self) if self.environment == "prod" else ()),
            *capacity_violations(self),
        ]
        if complaints:
            raise ValueError("\n".join(f"{self.environment} {complaint}" for complaint in complaints))
        return self


def _not_on_this_machine(stack: StackSettings) -> Iterator[str]:
    if stack.domain is not None:
        yield "must not set domain: no name of the Internet leads to this machine"
    if stack.edge is not None:
        yield "must not set edge: no name of the Internet leads to this machine"
    if stack.permissions_boundary is not None:
        yield "must not set permissions-boundary: the embedded AWS has no account's foundation"
    if stack.delivers_gradually:
        yield "must keep delivery all-at-once: nothing moves the calls to a new version here"
    if {stack.function.runtime, stack.function.architecture} != {"host"}:
        yield "must keep function.runtime and function.architecture at host: this machine runs the function"


def _not_on_aws(stack: StackSettings) -> Iterator[str]:
    if "host" in (stack.function.runtime, stack.function.architecture):
        yield "must name function.runtime and function.architecture of AWS, such as python3.13 and arm64, not host"
    if stack.sign_in.base_url is not None:
        yield "must not set sign-in.base-url, which only stands for the sign-in pages of a local stack"
    for url in (*stack.sign_in.callback_urls, *stack.sign_in.logout_urls):
        if url.startswith("http://") and (stack.keeps_data or not re.match("http://localhost[:/]", f"{url}/")):
            yield f"must use https:// for {url}: http:// is for a developer's http://localhost, in dev and review"
    for name, url in stack.api.upstreams.items():
        if not url.startswith("https://"):
            yield f"must reach the upstream {name} over https://, not {url}"
    if stack.api.docs_assets_url and not stack.api.docs_assets_url.startswith("https://"):
        yield f"must load api.docs-assets-url over https://, not {stack.api.docs_assets_url}"


def _not_with_snapshots(stack: StackSettings) -> Iterator[str]:
    if stack.function.start_mode == "snapstart" and not stack.delivers_gradually:
        yield (
            "must set delivery to canary for start-mode snapstart: all at once, callers reach a version without "
            "a snapshot"
        )


def _not_behind_an_edge(stack: StackSettings) -> Iterator[str]:
    if stack.domain is None:
        yield "must set domain for its edge, which needs a name and the zone that holds it"
    if stack.api.upstreams:
        yield "must not have api.upstreams behind an edge: they pass no function that could refuse what went round it"


def _not_as_a_review(stack: StackSettings) -> Iterator[str]:
    if stack.environment != "review":
        if stack.expires_on is not None:
            yield "must not set expires-on: only a pull request's own stack, environment review, goes by itself"
        return
    if stack.expires_on is None:
        yield "must set expires-on, the day from which its stack may be removed, such as 2027-01-31"
    if stack.data.deletion_protection:
        yield "must set data.deletion-protection to false: its stack goes with the pull request"
    if stack.function.start_mode != "on-demand" or stack.edge is not None:
        yield "must start on demand and have no edge: a pull request's own stack is small"


def _not_where_data_is_kept(stack: StackSettings) -> Iterator[str]:
    if not stack.data.deletion_protection:
        yield "must keep data.deletion-protection on"
    if not stack.data.point_in_time_recovery:
        yield "must keep data.point-in-time-recovery on"
    if not stack.encrypts_logs:
        yield "must keep log-key on"
    if stack.sign_in.password_flow:
        yield "must keep sign-in.password-flow off: users sign in on the pages"
    if stack.function.log_level == "DEBUG":
        yield "must not log at DEBUG, which writes down what callers send"
    if stack.serves_docs:
        yield "must keep api.docs-enabled off: everyone could read the API's documentation pages"
    if "*" in stack.api.cors_origins:
        yield "must name its api.cors-origins: * lets every web page call the API"
    for url in stack.api.cors_origins:
        if url.startswith("http://"):
            yield f"must use https:// for {url}, a page of its users"


def _not_in_prod(stack: StackSettings) -> Iterator[str]:
    if stack.sign_in.mfa != "required":
        yield "must keep sign-in.mfa required"
    if stack.sign_in.password_min_length < 14:
        yield "must ask for passwords of 14 characters or more in sign-in.password-min-length"
    if stack.api.caller_requests_per_minute == 0:
        yield "must limit each caller in api.caller-requests-per-minute"
    if not stack.delivers_gradually:
        yield "must keep delivery canary"
    edge_log_days = stack.edge.log_retention_days if stack.edge else 30
    if min(stack.function.log_retention_days, stack.api.access_log_retention_days, edge_log_days) < 30:
        yield "must keep its logs for 30 days or more"
