"""The settings of a stack."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from toolkit.stacks.settings import AccountId, Environment


class FunctionSettings(BaseModel):
    """What the package is built for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    runtime: Literal["python3.13", "host"]
    architecture: Literal["arm64", "host"]


class ReadingsSettings(BaseModel):
    """The object `readings-api:settings` of a stack file."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=lambda name: name.replace("_", "-"))

    environment: Environment
    account_id: AccountId
    function: FunctionSettings
