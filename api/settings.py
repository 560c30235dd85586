"""The environment variables of the function, validated once at the start."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from api.definition import BUCKETS, PARAMETERS, QUEUES, SECRETS, TABLES, TOPICS, secret_variable

Text = Annotated[str, StringConstraints(min_length=1)]
Url = Annotated[str, StringConstraints(pattern=r"^(https://|http://(127\.0\.0\.1|localhost)[:/])\S*$")]
Digests = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}(,[0-9a-f]{64})*$")]
AssetsUrl = Annotated[str, StringConstraints(pattern=r"^(https://|/)\S*$")]
_NOT_SET = "The environment variable {} is not set: set it in the function's environment"


_RESOURCES = {
    "tables": {table.name: table.variable for table in TABLES},
    "buckets": {bucket.name: bucket.variable for bucket in BUCKETS},
    "secret_arns": {name: secret_variable(name) for name in SECRETS},
    "queue_urls": {queue.name: queue.variable for queue in QUEUES},
    "topic_arns": {topic.name: topic.variable for topic in TOPICS},
    "parameters": {parameter.name: parameter.variable for parameter in PARAMETERS},
}
"""By field of the settings, the environment variable of each declared resource."""


class SettingsError(ValueError):
    """An environment variable is missing or invalid; the message names it and what it accepts."""


class Settings(BaseModel):
    """The environment variables, by the names that AWS and the stack give them."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    environment: Text = Field(alias="ENVIRONMENT")
    service_version: Text = Field(alias="SERVICE_VERSION")
    rate_limit_per_minute: int = Field(alias="RATE_LIMIT_PER_MINUTE", ge=0)
    sign_in_url: Url = Field(alias="SIGN_IN_URL")
    web_client_id: Text = Field(alias="WEB_CLIENT_ID")
    docs_enabled: bool = Field(alias="DOCS_ENABLED", default=False)
    """Whether the OpenAPI document and the documentation pages are public."""
    docs_assets_url: AssetsUrl | None = Field(alias="DOCS_ASSETS_URL", default=None)

    origin_key_digests: Digests | None = Field(alias="ORIGIN_KEY_DIGESTS", default=None)
    """SHA-256 of each accepted origin key; absent without CloudFront."""

    tables: Mapping[str, str]
    """The name of each table in `api.definition.TABLES`."""
    buckets: Mapping[str, str]
    """The name of each bucket in `api.definition.BUCKETS`."""
    secret_arns: Mapping[str, str]
    """The ARN of each secret in `api.definition.SECRETS`."""
    queue_urls: Mapping[str, str]
    """The URL of each queue in `api.definition.QUEUES`."""
    topic_arns: Mapping[str, str]
    """The ARN of each topic in `api.definition.TOPICS`."""
    parameters: Mapping[str, str]
    """The full name of each parameter in `api.definition.PARAMETERS`."""

    region: str | None = Field(alias="AWS_REGION", default=None)
    function_name: str | None = Field(alias="AWS_LAMBDA_FUNCTION_NAME", default=None)
    function_version: str | None = Field(alias="AWS_LAMBDA_FUNCTION_VERSION", default=None)
    function_memory_mb: int | None = Field(alias="AWS_LAMBDA_FUNCTION_MEMORY_SIZE", default=None)
    runtime: str | None = Field(alias="AWS_EXECUTION_ENV", default=None)

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Return the settings. An empty variable counts as absent. Raise SettingsError."""
        variables = {name: value for name, value in environ.items() if value}
        try:
            settings = cls.model_validate(
                variables | {field: _present(by_name, variables) for field, by_name in _RESOURCES.items()}
            )
        except ValidationError as error:
            raise SettingsError("; ".join(map(_sentence, error.errors()))) from None
        if missing := [variable for variable in resource_variables() if variable not in variables]:
            raise SettingsError("; ".join(map(_NOT_SET.format, missing)))
        return settings


def resource_variables() -> list[str]:
    """Return the environment variables of the declared resources, all of which must be set."""
    return [variable for by_name in _RESOURCES.values() for variable in by_name.values()]


def _present(by_name: Mapping[str, str], variables: Mapping[str, str]) -> dict[str, str]:
    return {name: variables[variable] for name, variable in by_name.items() if variable in variables}


def _sentence(error: object) -> str:
    """Return one sentence for one pydantic error: the variable, its value and what is accepted."""
    details = dict(error)  # type: ignore[call-overload] # pydantic's ErrorDetails is a plain dict
    name = details["loc"][0]
    if details["type"] == "missing":
        return _NOT_SET.format(name)
    if name == "ORIGIN_KEY_DIGESTS":  # a key that was set by mistake must not be logged
        return f"The environment variable {name} is not a list of SHA-256 digests, in hex, with commas between them"
    return f"The environment variable {name} is {details['input']!r}: {details['msg'][0].lower()}{details['msg'][1:]}"
