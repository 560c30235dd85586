"""The target of a smoke test: the address of a stack, its sign-in and its settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from toolkit.pipeline.web_address import is_web_address
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.settings import StackSettings

HEALTH = "/health"
"""The path at which every service answers with its environment and its version."""


def _address(text: str) -> str:
    if not is_web_address(text):
        raise ValueError("is no address")
    return text


_Address = Annotated[str, Field(pattern=r"^https?://[^/\s]+"), AfterValidator(_address)]


class _Outputs(BaseModel):
    """The outputs of a stack that a smoke test needs."""

    model_config = ConfigDict(extra="ignore")

    api_url: _Address
    sign_in_url: _Address
    machine_client_id: str = Field(min_length=1)
    machine_client_secret: str = Field(min_length=1)


@dataclass(frozen=True)
class SmokeTarget:
    """The address of a stack; `version` is the expected version, None where any version is accepted."""

    stack: str
    environment: str
    url: str
    sign_in_url: str
    client_id: str
    client_secret: str = field(repr=False)
    version: str | None
    settings: StackSettings

    @classmethod
    def of(
        cls,
        stack: str,
        outputs: Mapping[str, str],
        settings: StackSettings,
        *,
        url: str | None = None,
        version: str | None = None,
    ) -> "SmokeTarget":
        """Return the target of a stack; `url` overrides the address of its outputs. Raises RefusedError."""
        try:
            found = _Outputs.model_validate({**outputs, **({"api_url": url} if url else {})})
        except ValidationError as error:
            wrong = ", ".join(str(each["loc"][0]) for each in error.errors())
            raise RefusedError(
                f"The outputs of {stack} have no usable {wrong}: deploy the stack first, or name its outputs."
            ) from None
        return cls(
            stack=stack,
            environment=str(settings.environment),
            url=found.api_url.rstrip("/"),
            sign_in_url=found.sign_in_url.rstrip("/"),
            client_id=found.machine_client_id,
            client_secret=found.machine_client_secret,
            version=version,
            settings=settings,
        )
