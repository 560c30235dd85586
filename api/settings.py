"""What the service reads from its environment, checked once at start."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

Environment = Literal["local", "dev", "review", "staging", "prod"]
Text = Annotated[str, StringConstraints(min_length=1)]
Url = Annotated[str, StringConstraints(pattern=r"^(https://|http://(127\.0\.0\.1|localhost)[:/])\S*$")]
Digests = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}(,[0-9a-f]{64})*$")]
AssetsUrl = Annotated[str, StringConstraints(pattern=r"^(https://|/)\S*$")]


class SettingsError(ValueError):
    """The environment lacks a variable or holds a wrong one; says which and what it accepts."""


class Settings(BaseModel):
    """The environment variables of the function, by the names AWS and the stack give them."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    environment: Environment = Field(alias="ENVIRONMENT")
    service_version: Text = Field(alias="SERVICE_VERSION")
    item_table: Text = Field(alias="ITEM_TABLE")
    session_table: Text = Field(alias="SESSION_TABLE")
    attachment_bucket: Text = Field(alias="ATTACHMENT_BUCKET")
    cursor_key_secret_arn: Text = Field(alias="CURSOR_KEY_SECRET_ARN")
    rate_limit_per_minute: int = Field(alias="RATE_LIMIT_PER_MINUTE", ge=0)
    sign_in_url: Url = Field(alias="SIGN_IN_URL")
    web_client_id: Text = Field(alias="WEB_CLIENT_ID")
    docs_enabled: bool = Field(alias="DOCS_ENABLED", default=False)
    """Whether the OpenAPI document and the documentation pages are served, to everyone."""
    docs_assets_url: AssetsUrl | None = Field(alias="DOCS_ASSETS_URL", default=None)

    origin_key_digests: Digests | None = Field(alias="ORIGIN_KEY_DIGESTS", default=None)
    """SHA-256 of each key by which the edge shows that a call came through it; absent: there is no edge."""

    region: str | None = Field(alias="AWS_REGION", default=None)
    function_name: str | None = Field(alias="AWS_LAMBDA_FUNCTION_NAME", default=None)
    function_version: str | None = Field(alias="AWS_LAMBDA_FUNCTION_VERSION", default=None)
    function_memory_mb: int | None = Field(alias="AWS_LAMBDA_FUNCTION_MEMORY_SIZE", default=None)
    runtime: str | None = Field(alias="AWS_EXECUTION_ENV", default=None)

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Settings from environment variables; an empty variable counts as absent. Raises SettingsError."""
        try:
            return cls.model_validate({name: value for name, value in environ.items() if value})
        except ValidationError as error:
            raise SettingsError("; ".join(map(_sentence, error.errors()))) from None


def _sentence(error: object) -> str:
    """One sentence for one pydantic error: the variable, what is wrong and what to do."""
    details = dict(error)  # type: ignore[call-overload] # pydantic's ErrorDetails is a plain dict
    name = details["loc"][0]
    if details["type"] == "missing":
        return f"The environment variable {name} is not set: set it in the function's environment"
    if name == "ORIGIN_KEY_DIGESTS":  # where the keys themselves are set, the value would put them into the log
        return (
            f"The environment variable {name} is not the SHA-256 digests of the keys, in hex, with commas between them"
        )
    return f"The environment variable {name} is {details['input']!r}: {details['msg'][0].lower()}{details['msg'][1:]}"
