"""The base class of all settings: kebab-case keys, unknown keys are errors, values do not change after loading."""

from pydantic import BaseModel, ConfigDict


def _kebab(name: str) -> str:
    return name.replace("_", "-")


class Settings(BaseModel):
    """A group of settings in a stack file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, alias_generator=_kebab)
