"""The groups of settings, one per part of the stack."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from infrastructure.settings.values import (
    AssetsUrl,
    DomainPrefix,
    Email,
    HostName,
    LogRetentionDays,
    Origin,
    Page,
    SecretDescription,
    TokenHeader,
    UpstreamName,
    Url,
    VariableValue,
    ZoneId,
)
from infrastructure.settings.variables import VariableName


class Settings(BaseModel):
    """A group of settings: keys in kebab case, unknown keys are errors, and values do not change after loading."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, alias_generator=lambda name: name.replace("_", "-")
    )


class DataSettings(Settings):
    """Tables, bucket and secrets."""

    deletion_protection: bool = Field(True, description="Tables and user pool have deletion protection.")
    point_in_time_recovery: bool = Field(True, description="Tables can be restored to any second of the last 35 days.")
    max_reads_per_second: int = Field(
        60, ge=1, le=40_000, description="Read units per second of each table; more are throttled."
    )
    max_writes_per_second: int = Field(
        30, ge=1, le=40_000, description="Write units per second of each table; more are throttled."
    )
    old_attachment_days: int = Field(
        30, ge=1, le=3650, description="Days until replaced or deleted attachments are removed."
    )
    secret_recovery_days: int = Field(30, ge=7, le=30, description="Days in which a deleted secret can be restored.")


class FunctionSettings(Settings):
    """The Lambda function."""

    runtime: Literal["python3.12", "python3.13", "python3.14", "host"] = Field(
        description="`host` is the Python of this machine."
    )
    architecture: Literal["arm64", "x86_64", "host"] = Field(description="`host` is the CPU of this machine.")
    memory_mb: int = Field(512, ge=128, le=10_240, description="Memory; the CPU share is proportional.")
    timeout_seconds: int = Field(10, ge=1, le=29, description="At most 29: the HTTP API has a timeout of 30.")
    reserved_concurrency: int = Field(
        65,
        ge=1,
        le=900,
        description="The most instances. It limits cost and must fit the throttles of api. AWS keeps 100 of an "
        "account's 1000 unreserved.",
    )
    start_mode: Literal["on-demand", "snapstart", "provisioned"] = "on-demand"
    provisioned_concurrency: int | None = Field(None, ge=1, le=900, description="Only for start-mode provisioned.")
    cold_start_patches: bool = Field(
        True, description="Patches of libraries that shorten a cold start. Turn them off if a new version breaks one."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_retention_days: LogRetentionDays = 30
    environment: Mapping[VariableName, VariableValue] = Field(
        {},
        description="Additional environment variables. A credential is a secret: `secrets`.",
        json_schema_extra={"additionalProperties": False},  # no other names
    )

    @model_validator(mode="after")
    def _start_mode_fits(self) -> Self:
        if (self.start_mode == "provisioned") != (self.provisioned_concurrency is not None):
            raise ValueError("start-mode provisioned and provisioned-concurrency go together; set both or neither")
        if self.provisioned_concurrency and self.provisioned_concurrency > self.reserved_concurrency:
            raise ValueError("provisioned-concurrency cannot exceed reserved-concurrency; raise one or lower the other")
        if self.start_mode == "snapstart" and self.runtime == "host":
            raise ValueError("start-mode snapstart needs a runtime of AWS, python3.12 or newer; host is not one")
        return self


class WorkerSettings(Settings):
    """A function that events invoke, as `api.definition.FUNCTIONS` declares it."""

    memory_mb: int | None = Field(None, ge=128, le=10_240, description="By default as declared.")
    timeout_seconds: int | None = Field(None, ge=1, le=900, description="By default as declared.")
    reserved_concurrency: int = Field(
        2, ge=2, le=900, description="The most instances; it limits cost. An event source of SQS needs 2 or more."
    )
    log_retention_days: LogRetentionDays | None = Field(None, description="By default function.log-retention-days.")
    errors: int = Field(1, ge=1, description="Errors in five minutes; pages.")
    throttles: int = Field(5, ge=1, description="In five minutes.")
    oldest_message_seconds: int = Field(
        300, ge=60, le=1_209_600, description="Age of the oldest message in the function's queue."
    )


class SecretSettings(Settings):
    """A secret of the API's function beyond those in `api.definition.SECRETS`."""

    env: VariableName = Field(description="Environment variable of the function that holds the secret's ARN.")
    description: SecretDescription | None = Field(None, description="What the secret is for.")


class ApiSettings(Settings):
    """The HTTP API."""

    requests_per_second: int = Field(
        6,
        ge=1,
        le=10_000,
        description="Steady rate of all signed-in callers, divided among the routes; more get 429.",
    )
    burst_requests: int = Field(
        50, ge=1, le=5_000, description="Burst of all signed-in callers, divided among the routes."
    )
    public_requests_per_second: int = Field(
        1, ge=1, le=10_000, description="Steady rate of the public routes, divided among them."
    )
    public_burst_requests: int = Field(8, ge=1, le=5_000, description="Burst of the public routes, divided among them.")
    caller_requests_per_minute: int = Field(120, ge=0, le=100_000, description="Per caller; 0 turns the limit off.")
    cors_origins: tuple[Origin, ...] = Field(
        (), description="Origins of web pages that may call the API and upload attachments."
    )
    upstreams: Mapping[UpstreamName, Url] = Field(
        {},
        description="Other services, proxied below /upstreams/<name>/.",
        json_schema_extra={"additionalProperties": False},  # no other names
    )
    upstream_token_header: TokenHeader | None = Field(
        None,
        description="Header of the access token on routes of upstreams, where it is removed. The default Authorization "
        "is reserved by API Gateway, so upstreams receive it. Upstreams accept a revoked token until it expires.",
    )
    docs_enabled: bool | None = Field(
        None, description="The API's documentation pages are public; by default in local, dev and review only."
    )
    docs_assets_url: AssetsUrl | None = Field(None, description="URL of the files of the documentation pages.")
    access_log_retention_days: LogRetentionDays = 30


class DomainSettings(Settings):
    """The custom domain."""

    name: HostName = Field(description="Domain name of the API, such as api.example.com.")
    zone_id: ZoneId = Field(description="Id of the domain's hosted zone: aws route53 list-hosted-zones.")


class EdgeSettings(Settings):
    """CloudFront with a web ACL in front of the API."""

    requests_per_five_minutes: int = Field(
        500, ge=10, le=2_000_000, description="Requests of one IP address; more are blocked."
    )
    price_class: Literal["PriceClass_100", "PriceClass_200", "PriceClass_All"] = "PriceClass_100"
    log_retention_days: LogRetentionDays = 30


class SignInSettings(Settings):
    """Sign-in with Cognito."""

    base_url: Url | None = Field(None, description="URL of the sign-in pages; by default the Cognito domain.")
    domain_prefix: DomainPrefix | None = Field(
        None, description="Prefix of the Cognito domain; by default project-stack-account."
    )
    callback_urls: Annotated[
        tuple[Page, ...], Field(min_length=1, description="Allowed redirect URLs after a sign-in.")
    ]
    logout_urls: tuple[Page, ...] = Field((), description="Allowed redirect URLs after a sign-out.")
    mfa: Literal["required", "optional", "none"] = "required"
    tier: Literal["LITE", "ESSENTIALS", "PLUS"] = Field(
        "ESSENTIALS", description="PLUS adds threat protection and has no free users."
    )
    password_min_length: int = Field(14, ge=12, le=99)
    password_flow: bool = Field(
        False, description="Administrators may get tokens for a password, for tests and scripts."
    )
    self_registration: bool = Field(
        False, description="Users may register themselves; otherwise administrators invite them."
    )
    access_token_minutes: int = Field(60, ge=5, le=60)
    refresh_token_days: int = Field(30, ge=1, le=30, description="Revoked sessions are stored for as long.")


class AlarmSettings(Settings):
    """The thresholds of the alarms, and the addresses that they notify."""

    email: Email = Field(description="Address for pages: failures of the service's code.")
    notices_email: Email | None = Field(
        None, description="Address for notices that can wait; by default the same address."
    )
    function_errors: int = Field(5, ge=1, description="Errors in five minutes; pages.")
    canary_errors: int = Field(
        1, ge=1, description="Errors of a new version in a minute; two such minutes roll it back."
    )
    function_throttles: int = Field(5, ge=1, description="In five minutes.")
    function_p99_ms: int = Field(
        1_000, ge=1, le=29_000, description="Longest normal duration; the concurrency is calculated with it."
    )
    api_5xx: int = Field(5, ge=1, description="In five minutes.")
    api_latency_p99_ms: int = Field(1_500, ge=1, le=30_000)
    table_throttles: int = Field(5, ge=1, description="In five minutes, reads and writes together.")


class BudgetSettings(Settings):
    """The monthly budget."""

    monthly_usd: int = Field(ge=1, le=100_000)
    email: Email
