"""The usage profile of a stack: its expected use in a month."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from toolkit.configuration import configuration
from toolkit.cost.prices import AccountKind
from toolkit.stacks.errors import FileError, sentence
from toolkit.stacks.json_documents import parse_json

KEY = "usage"
SCHEMA_FILE = Path(__file__).resolve().parents[2] / "docs" / "usage.schema.json"
Amount = Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=10**15)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class UsageError(FileError):
    """The usage profile is missing or cannot be used; the message is one sentence."""


class NoUsageError(UsageError):
    """The stack's file has no usage profile."""


_KEYS = ConfigDict(
    frozen=True,
    extra="forbid",
    strict=True,
    alias_generator=lambda name: name.replace("_", "-"),
    populate_by_name=True,
)


class FunctionUsage(BaseModel):
    """The use of one function that events invoke."""

    model_config = _KEYS

    invocations: Count | None = Field(
        None,
        description="Invocations in a month by queues, streams, topics and buckets; those of schedules are counted. A "
        "queue or a topic has one message for each.",
    )
    duration_ms: Amount | None = Field(
        None,
        description="How long it works on an event, on average, in milliseconds; by default that of the stack. In the "
        "worst month each instance works on one event after the other.",
    )
    log_bytes: Amount | None = Field(
        None, description="What it logs for an event, in bytes; by default `log-bytes-per-request`."
    )
    most_log_bytes: Amount | None = Field(
        None, description="The most that it logs for an event, in bytes; by default `most-log-bytes-per-request`."
    )


class Usage(BaseModel):
    """The use of a stack in a month; a default costs next to nothing."""

    model_config = _KEYS

    account_kind: AccountKind = Field(
        "none",
        description="Which free tiers count: none (they are used up elsewhere, or are not to be relied on), credits "
        "(an account since July 2025: those that last for ever), legacy-12m (an older account in its first year).",
    )
    requests: Count = Field(description="Requests from callers in a month.")
    duration_ms: Amount = Field(description="How long the function works on a request, on average, in milliseconds.")
    cold_start_share: Share = Field(
        0.01, description="The share of requests that start an instance: 0.01 is one in 100."
    )
    cold_start_ms: Amount = Field(1_000, description="How long a start takes before the request, in milliseconds.")
    response_kb: Amount = Field(2, description="The size of a response, on average, in kilobytes.")
    most_response_kb: Annotated[float, Field(ge=0, le=10_240)] = Field(
        10_240, description="The largest response that the service sends, in kilobytes; 10240 is API Gateway's limit."
    )
    log_bytes_per_request: Amount = Field(1_000, description="What the function logs for a request, in bytes.")
    most_log_bytes_per_request: Amount | None = Field(
        None, description="The most that the function logs for a request, in bytes; without it nothing bounds its logs."
    )
    access_log_bytes_per_request: Amount = Field(600, description="One line of an access log, in bytes.")
    reads_per_request: Amount = Field(1, description="Items read for a request, in all tables together.")
    writes_per_request: Amount = Field(1, description="Items written for a request, in all tables together.")
    table_items: Count = Field(0, description="Items kept in all DynamoDB tables together.")
    table_item_kb: Annotated[float, Field(gt=0, le=400)] = Field(
        1, description="The size of an item of a table, in kilobytes."
    )
    objects_gb: Amount = Field(0, description="What is kept in all S3 buckets together, in gigabytes.")
    object_puts: Count = Field(0, description="Objects written to buckets in a month.")
    object_gets: Count = Field(0, description="Objects read from buckets in a month.")
    object_kb: Amount = Field(500, description="The size of an object that is read, on average, in kilobytes.")
    monthly_active_users: Count = Field(0, description="People who sign in at least once in the month.")
    machine_tokens: Count = Field(0, description="Tokens that machines get for themselves in a month.")
    custom_metrics: Count = Field(0, description="Metrics of the application's own, each with its dimensions.")
    alerts: Count = Field(30, description="Times that an alarm changes its state in a month.")
    kms_requests: Count = Field(2_000, description="Requests of AWS's services to each key in a month.")
    snapstart_versions: Count = Field(3, description="Published versions of a function whose snapshots are kept.")
    management_events: Count = Field(100_000, description="Calls of AWS's APIs that a trail records in a month.")
    functions: Mapping[str, FunctionUsage] = Field(
        {}, description="By logical name, the use of functions that events invoke."
    )

    def __hash__(self) -> int:
        """Return a hash although a mapping has none: the rules on cost share one estimate by its profile."""
        return hash(self.model_dump_json())

    def of_function(self, name: str) -> FunctionUsage:
        """Return the use of a function, with the values of the whole stack for keys that are absent."""
        own = self.functions.get(name, FunctionUsage())
        return FunctionUsage(
            invocations=own.invocations,
            duration_ms=self.duration_ms if own.duration_ms is None else own.duration_ms,
            log_bytes=self.log_bytes_per_request if own.log_bytes is None else own.log_bytes,
            most_log_bytes=self.most_log_bytes_per_request if own.most_log_bytes is None else own.most_log_bytes,
        )

    @model_validator(mode="before")
    @classmethod
    def _check_former_keys(cls, written: object) -> object:
        known = {*cls.model_fields, *(field.alias for field in cls.model_fields.values())}
        unknown = [key for key in written if key not in known] if isinstance(written, dict) else []
        renamed = configuration().renamed_usage_keys if unknown else {}
        for key in unknown:
            if key in renamed:
                raise ValueError(f"{key} is now called {renamed[key]}; rename it")
        return written


UNUSED = Usage(requests=0, duration_ms=0)
"""The profile of resources without callers, such as those of an account's bootstrap stack."""


def usage_of(config: Mapping[str, Any], project: str, file: str) -> Usage:
    """Return the profile in a stack's configuration. Raises UsageError where it is missing or wrong."""
    key = f"{project}:{KEY}"
    written = config.get(key)
    if written is None:
        raise NoUsageError(f"{file}: config has no {key}, so its cost is unknown; docs/cost.md describes it.")
    try:
        return Usage.model_validate(parse_json(written, key) if isinstance(written, str) else written)
    except ValidationError as error:
        raise UsageError(sentence(f"{file}, {key}", error)) from None
    except FileError:
        raise UsageError(f"{file}: {key} is no mapping of keys to values; docs/cost.md describes it.") from None


def rendered_schema() -> str:
    """Return the JSON Schema of the profile, for editors."""
    return json.dumps(Usage.model_json_schema(by_alias=True), indent=2) + "\n"
