"""What every group of settings shares: kebab-case keys, no unknown ones, nothing changes after loading."""

from pydantic import BaseModel, ConfigDict


def _kebab(name: str) -> str:
    return name.replace("_", "-")


class Settings(BaseModel):
    """A group of settings as it stands in a stack file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, alias_generator=_kebab)
