"""The settings of a stack, and which values each environment accepts."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from api.definition import ENVIRONMENTS_WITH_DOCS, PARAMETERS, SECRETS, secret_variable
from infrastructure.settings.capacity import capacity_violations
from infrastructure.settings.groups import (
    AlarmSettings,
    ApiSettings,
    BudgetSettings,
    DataSettings,
    DomainSettings,
    EdgeSettings,
    FunctionSettings,
    SecretSettings,
    Settings,
    SignInSettings,
    WorkerSettings,
)
from infrastructure.settings.values import FunctionName, ParameterName, ParameterValue, PolicyName, SecretName, Tag
from toolkit.stacks.credentials import holds_credential
from toolkit.stacks.settings import AccountId, Environment

_MAX_VARIABLE_BYTES = 2048
"""Half of what Lambda accepts: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""


class StackSettings(Settings):
    """The object `items-api:settings` of a stack file."""

    environment: Environment
    account_id: AccountId = Field(description="The account of the stack; the provider rejects any other.")
    owner: Tag
    cost_center: Tag
    permissions_boundary: PolicyName | None = Field(
        None,
        description="Managed policy that is the permissions boundary of the stack's roles; deploy roles require it.",
    )
    expires_on: date | None = Field(None, description="Day from which a review stack may be deleted; only for review.")
    data: DataSettings = DataSettings()
    function: FunctionSettings
    functions: Mapping[FunctionName, WorkerSettings] = Field(
        {},
        description="Functions that events invoke, by the names in `api/definition.py`.",
        json_schema_extra={"additionalProperties": False},  # no other names
    )
    parameters: Mapping[ParameterName, ParameterValue] = Field(
        {},
        description="The value of each parameter in `api/definition.py`. A credential is a secret: `secrets`.",
        json_schema_extra={"additionalProperties": False},  # no other names
    )
    secrets: Mapping[SecretName, SecretSettings] = Field(
        {},
        description="Secrets of the function beyond those in `api/definition.py`. Set the value of each with "
        "`pulumi config set --secret`.",
        json_schema_extra={"additionalProperties": False},  # no other names
    )
    api: ApiSettings = ApiSettings()
    domain: DomainSettings | None = Field(None, description="By default the API has the domain name that AWS assigns.")
    sign_in: SignInSettings
    edge: EdgeSettings | None = Field(None, description="By default there is no CloudFront distribution.")
    delivery: Literal["all-at-once", "canary"] | None = Field(
        None, description="Deployment of a new version; by default canary in staging and prod."
    )
    log_key: bool | None = Field(
        None,
        description="Encrypt logs with a KMS key of the stack, for $1 a month, and $1 more with an edge; "
        "by default not in dev and review, where AWS's own key encrypts them.",
    )
    alarms: AlarmSettings
    budget: BudgetSettings

    @property
    def secret_descriptions(self) -> Mapping[str, str]:
        """The description of each secret of the stack, by name."""
        return {**SECRETS, **{name: own.description or f"Secret {name}" for name, own in self.secrets.items()}}

    @property
    def secret_variables(self) -> Mapping[str, str]:
        """The environment variable of the function that holds the ARN of each secret, by the secret's name."""
        return {**{name: secret_variable(name) for name in SECRETS}, **{n: own.env for n, own in self.secrets.items()}}

    @property
    def boundary_arn(self) -> str | None:
        """The ARN of the permissions boundary of the stack's roles."""
        name = self.permissions_boundary
        return f"arn:aws:iam::{self.account_id}:policy/{name}" if name else None

    @property
    def keeps_data(self) -> bool:
        """Return whether the data of this stack must not be lost."""
        return self.environment in {"staging", "prod"}

    @property
    def deploys_by_canary(self) -> bool:
        """Return whether a new version gets a part of the requests before it gets all."""
        return (self.delivery or ("canary" if self.keeps_data else "all-at-once")) == "canary"

    @property
    def encrypts_logs(self) -> bool:
        """Return whether a KMS key of the stack encrypts its logs, so that only users of the key can read them.

        By default not in dev and review: they have no customer data, and a key costs $1 even for a short review.
        """
        return self.environment not in {"dev", "review"} if self.log_key is None else self.log_key

    @property
    def serves_docs(self) -> bool:
        """Return whether the API serves its OpenAPI document and documentation pages, to everyone."""
        wanted = self.api.docs_enabled
        return self.environment in ENVIRONMENTS_WITH_DOCS if wanted is None else wanted

    @property
    def may_have_an_edge(self) -> bool:
        """Return whether this environment may have an edge."""
        return self.environment not in {"local", "review"}

    @model_validator(mode="after")
    def _valid_in_its_environment(self) -> Self:
        violations = [
            *(_local_violations(self) if self.environment == "local" else _aws_violations(self)),
            *(_edge_violations(self) if self.edge is not None and self.may_have_an_edge else ()),
            *_snapstart_violations(self),
            *_review_violations(self),
            *_variable_violations(self),
            *_parameter_violations(self),
            *(_data_violations(self) if self.keeps_data else ()),
            *(_prod_violations(self) if self.environment == "prod" else ()),
            *capacity_violations(self),
        ]
        if violations:
            raise ValueError("\n".join(f"{self.environment} {violation}" for violation in violations))
        return self


def _local_violations(stack: StackSettings) -> Iterator[str]:
    if stack.domain is not None:
        yield "must not set domain: a public domain name cannot point to this machine"
    if stack.edge is not None:
        yield "must not set edge: CloudFront cannot reach this machine"
    if stack.permissions_boundary is not None:
        yield "must not set permissions-boundary: the embedded AWS has no bootstrap stack"
    if stack.deploys_by_canary:
        yield "must keep delivery all-at-once: the embedded AWS has no canary deployments"
    if {stack.function.runtime, stack.function.architecture} != {"host"}:
        yield "must keep function.runtime and function.architecture at host"


def _aws_violations(stack: StackSettings) -> Iterator[str]:
    if "host" in (stack.function.runtime, stack.function.architecture):
        yield "must set function.runtime and function.architecture to values of AWS, such as python3.13 and arm64"
    if stack.sign_in.base_url is not None:
        yield "must not set sign-in.base-url, which is for a local stack only"
    for url in (*stack.sign_in.callback_urls, *stack.sign_in.logout_urls):
        if url.startswith("http://") and (stack.keeps_data or not re.match("http://localhost[:/]", f"{url}/")):
            yield f"must use https:// for {url}: only http://localhost may use http://, in dev and review"
    for name, url in stack.api.upstreams.items():
        if not url.startswith("https://"):
            yield f"must reach the upstream {name} over https://, not {url}"
    if stack.api.docs_assets_url and not stack.api.docs_assets_url.startswith("https://"):
        yield f"must load api.docs-assets-url over https://, not {stack.api.docs_assets_url}"


def _snapstart_violations(stack: StackSettings) -> Iterator[str]:
    if stack.function.start_mode == "snapstart" and not stack.deploys_by_canary:
        yield (
            "must set delivery to canary for start-mode snapstart: all at once, callers would reach a version "
            "without a snapshot"
        )


def _variable_violations(stack: StackSettings) -> Iterator[str]:
    variables = stack.function.environment
    names = Counter([*variables, *(secret.env for secret in stack.secrets.values())])
    for name in (name for name, count in names.items() if count > 1):
        yield f"must set the variable {name} once: function.environment and secrets.*.env set it {names[name]} times"
    for name in (name for name, value in variables.items() if holds_credential(name, value)):
        yield (
            f"must not set function.environment.{name} to what looks like a credential, which everyone who may read "
            f"the function can read: write secrets: {{{name.lower().replace('_', '-')}: {{env: {name}_ARN}}}}"
        )
    size = sum(len(name.encode()) + len(value.encode()) for name, value in variables.items())
    if size > _MAX_VARIABLE_BYTES:
        yield (
            f"must keep function.environment at {_MAX_VARIABLE_BYTES} bytes or less, not {size}: with the variables of "
            "the service AWS accepts 4096"
        )


def _parameter_violations(stack: StackSettings) -> Iterator[str]:
    for parameter in PARAMETERS:
        if parameter.name not in stack.parameters:
            yield f"must set parameters.{parameter.name}: {parameter.description}"
    for name, value in stack.parameters.items():
        if holds_credential(name, value):
            yield (
                f"must not set parameters.{name} to what looks like a credential, which everyone who may read the "
                f"parameter can read: write secrets: {{{name}: {{env: {name.replace('-', '_').upper()}_ARN}}}}"
            )


def _edge_violations(stack: StackSettings) -> Iterator[str]:
    if stack.domain is None:
        yield "must set domain: its edge needs a domain name and a hosted zone"
    if stack.api.upstreams:
        yield "must not set api.upstreams with an edge: their routes cannot reject requests that bypass CloudFront"


def _review_violations(stack: StackSettings) -> Iterator[str]:
    if stack.environment != "review":
        if stack.expires_on is not None:
            yield "must not set expires-on: only review stacks expire"
        return
    if stack.expires_on is None:
        yield "must set expires-on, the day from which the stack may be deleted, such as 2027-01-31"
    if stack.data.deletion_protection:
        yield "must set data.deletion-protection to false: the stack is deleted with its pull request"
    if stack.function.start_mode != "on-demand" or stack.edge is not None:
        yield "must keep start-mode on-demand and have no edge: a review stack is small"


def _data_violations(stack: StackSettings) -> Iterator[str]:
    if not stack.data.deletion_protection:
        yield "must keep data.deletion-protection on"
    if not stack.data.point_in_time_recovery:
        yield "must keep data.point-in-time-recovery on"
    if not stack.encrypts_logs:
        yield "must keep log-key on"
    if stack.sign_in.password_flow:
        yield "must keep sign-in.password-flow off: users sign in on the sign-in pages"
    if stack.function.log_level == "DEBUG":
        yield "must not set function.log-level to DEBUG, which logs request bodies"
    if stack.serves_docs:
        yield "must keep api.docs-enabled off: the documentation pages are public"
    if "*" in stack.api.cors_origins:
        yield "must list its api.cors-origins: * allows every web page to call the API"
    for url in stack.api.cors_origins:
        if url.startswith("http://"):
            yield f"must use https:// for {url} in api.cors-origins"


def _prod_violations(stack: StackSettings) -> Iterator[str]:
    if stack.sign_in.mfa != "required":
        yield "must keep sign-in.mfa required"
    if stack.sign_in.password_min_length < 14:
        yield "must set sign-in.password-min-length to 14 or more"
    if stack.api.caller_requests_per_minute == 0:
        yield "must set api.caller-requests-per-minute to 1 or more"
    if not stack.deploys_by_canary:
        yield "must keep delivery canary"
    edge_log_days = stack.edge.log_retention_days if stack.edge else 30
    worker_log_days = min((worker.log_retention_days or 30 for worker in stack.functions.values()), default=30)
    kept = (stack.function.log_retention_days, stack.api.access_log_retention_days, edge_log_days, worker_log_days)
    if min(kept) < 30:
        yield "must keep logs for 30 days or more"
