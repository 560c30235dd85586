"""The groups of settings, one per part of the service."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from infrastructure.settings.model import Settings
from infrastructure.settings.values import (
    AssetsUrl,
    DomainPrefix,
    Email,
    HostName,
    LogRetentionDays,
    Origin,
    Page,
    TokenHeader,
    UpstreamName,
    Url,
    ZoneId,
)


class DataSettings(Settings):
    """What is kept, and how well."""

    deletion_protection: bool = Field(True, description="Tables and sign-in pool refuse to be deleted.")
    point_in_time_recovery: bool = Field(True, description="Tables can be restored to any second of the last 35 days.")
    max_reads_per_second: int = Field(60, ge=1, le=40_000, description="Read units per table; more are throttled.")
    max_writes_per_second: int = Field(30, ge=1, le=40_000, description="Write units per table; more are throttled.")
    old_attachment_days: int = Field(30, ge=1, le=3650, description="How long replaced or deleted attachments remain.")
    secret_recovery_days: int = Field(30, ge=7, le=30, description="How long a deleted secret can be brought back.")


class FunctionSettings(Settings):
    """The Lambda function."""

    runtime: Literal["python3.12", "python3.13", "python3.14", "host"] = Field(
        description="`host`: this machine's own Python."
    )
    architecture: Literal["arm64", "x86_64", "host"] = Field(description="`host`: this machine's own CPU.")
    memory_mb: int = Field(512, ge=128, le=10_240, description="Memory; CPU grows with it.")
    timeout_seconds: int = Field(10, ge=1, le=29, description="At most 29: the HTTP API gives up at 30.")
    reserved_concurrency: int = Field(
        65,
        ge=1,
        le=900,
        description="Instances at most; it bounds the bill and has to hold what the throttles of api admit. Of an "
        "account's 1000 AWS keeps 100 free.",
    )
    start_mode: Literal["on-demand", "snapstart", "provisioned"] = "on-demand"
    provisioned_concurrency: int | None = Field(None, ge=1, le=900, description="For start-mode provisioned only.")
    cold_start_patches: bool = Field(
        True, description="Patches of libraries that shorten a cold start; off if a library's new version breaks one."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_retention_days: LogRetentionDays = 30

    @model_validator(mode="after")
    def _start_mode_fits(self) -> Self:
        if (self.start_mode == "provisioned") != (self.provisioned_concurrency is not None):
            raise ValueError("start-mode provisioned and provisioned-concurrency go together; set both or neither")
        if self.provisioned_concurrency and self.provisioned_concurrency > self.reserved_concurrency:
            raise ValueError("provisioned-concurrency cannot exceed reserved-concurrency; raise one or lower the other")
        if self.start_mode == "snapstart" and self.runtime == "host":
            raise ValueError("start-mode snapstart needs a runtime of AWS, python3.12 or newer; host is not one")
        return self


class ApiSettings(Settings):
    """The HTTP API and what the service tells its callers."""

    requests_per_second: int = Field(
        6,
        ge=1,
        le=10_000,
        description="Steady rate of all signed-in callers, shared out to the routes; 429 beyond it.",
    )
    burst_requests: int = Field(
        50, ge=1, le=5_000, description="Requests at once of all signed-in callers, shared out to the routes."
    )
    public_requests_per_second: int = Field(
        1, ge=1, le=10_000, description="Steady rate of the routes that need no token, shared out to them."
    )
    public_burst_requests: int = Field(
        8, ge=1, le=5_000, description="Requests at once of the routes that need no token, shared out to them."
    )
    caller_requests_per_minute: int = Field(120, ge=0, le=100_000, description="Per caller; 0 turns the limit off.")
    cors_origins: tuple[Origin, ...] = Field((), description="Web pages that may call the API and upload attachments.")
    upstreams: Mapping[UpstreamName, Url] = Field(
        {},
        description="Services proxied below /upstreams/<name>/.",
        json_schema_extra={"additionalProperties": False},  # no other names
    )
    upstream_token_header: TokenHeader | None = Field(
        None,
        description="Carries the token to upstreams' routes and is removed there. None: Authorization, which upstreams"
        " get: API Gateway reserves it. A revoked token reaches upstreams until it expires.",
    )
    docs_enabled: bool | None = Field(
        None, description="The API's documentation pages are public; by default in local, dev and review only."
    )
    docs_assets_url: AssetsUrl | None = Field(None, description="Where the API's documentation pages find their files.")
    access_log_retention_days: LogRetentionDays = 30


class DomainSettings(Settings):
    """The service's own name on the Internet."""

    name: HostName = Field(description="By which callers find the API, such as api.example.com.")
    zone_id: ZoneId = Field(description="Of the Route 53 zone that holds the name: aws route53 list-hosted-zones.")


class EdgeSettings(Settings):
    """CloudFront and a firewall before the API."""

    requests_per_five_minutes: int = Field(500, ge=10, le=2_000_000, description="Of one address; more are blocked.")
    price_class: Literal["PriceClass_100", "PriceClass_200", "PriceClass_All"] = "PriceClass_100"
    log_retention_days: LogRetentionDays = 30


class SignInSettings(Settings):
    """Who may sign in, and how."""

    base_url: Url | None = Field(None, description="The sign-in pages; by default those of the Cognito domain.")
    domain_prefix: DomainPrefix | None = Field(
        None, description="Of the Cognito domain; by default project-stack-account."
    )
    callback_urls: Annotated[tuple[Page, ...], Field(min_length=1, description="Where a sign-in may end.")]
    logout_urls: tuple[Page, ...] = Field((), description="Where a sign-out may end.")
    mfa: Literal["required", "optional", "none"] = "required"
    tier: Literal["LITE", "ESSENTIALS", "PLUS"] = Field(
        "ESSENTIALS", description="PLUS also blocks threats and leaked passwords; it has no free users."
    )
    password_min_length: int = Field(14, ge=12, le=99)
    password_flow: bool = Field(
        False, description="Administrators may trade a password for tokens: for tests and scripts."
    )
    self_registration: bool = Field(False, description="Anybody may register; otherwise administrators invite.")
    access_token_minutes: int = Field(60, ge=5, le=60)
    refresh_token_days: int = Field(30, ge=1, le=30, description="The service remembers a revoked session as long.")


class AlarmSettings(Settings):
    """The thresholds of the alarms, and the addresses that they notify."""

    email: Email = Field(description="Is paged: failures of the service's own code.")
    notices_email: Email | None = Field(
        None, description="Receives what can wait for working hours; by default the same address."
    )
    function_errors: int = Field(5, ge=1, description="In five minutes; pages.")
    canary_errors: int = Field(1, ge=1, description="Of the new version in a minute; two such minutes roll it back.")
    function_throttles: int = Field(5, ge=1, description="In five minutes.")
    function_p99_ms: int = Field(
        1_000, ge=1, le=29_000, description="The longest duration that is normal; the concurrency is planned with it."
    )
    api_5xx: int = Field(5, ge=1, description="In five minutes.")
    api_latency_p99_ms: int = Field(1_500, ge=1, le=30_000)
    table_throttles: int = Field(5, ge=1, description="In five minutes, reads and writes together.")


class BudgetSettings(Settings):
    """What a month may cost."""

    monthly_usd: int = Field(ge=1, le=100_000)
    email: Email
