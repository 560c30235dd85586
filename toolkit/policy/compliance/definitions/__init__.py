"""The controls of each catalogue, with the resource types that they apply to: one file per catalogue."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from toolkit.policy.controls import Control, Framework
from toolkit.stacks.yaml_documents import read_yaml

_FOLDER = Path(__file__).parent


class Definition(BaseModel):
    """One control: its title, the resource types that it applies to, and what the rules leave out of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(min_length=1)
    on: tuple[str, ...] = ()
    """The guarded types; the control does not apply where a stack has none of them."""
    through: tuple[str, ...] = ()
    """The types by which the rules evaluate it, where those are others than the guarded ones."""
    bare: Literal["pass"] | None = None
    """The verdict on a guarded resource without a resource of `through`; by default it is not evaluated."""
    having: str = ""
    """A property without which a resource is not guarded."""
    partial: str = ""
    """The part of the control that rules do not evaluate; empty where they evaluate all of it."""
    beyond: str = ""
    """The reason why no stack can give evidence."""

    @property
    def guarded(self) -> tuple[str, ...]:
        """Return the guarded types as Pulumi writes them."""
        return tuple(f"aws:{one}" for one in self.on)

    @property
    def evaluated(self) -> tuple[str, ...]:
        """Return the types by which the rules evaluate the control, as Pulumi writes them."""
        return tuple(f"aws:{one}" for one in self.through or self.on)


@cache
def definitions() -> dict[Control, Definition]:
    """Return every control that is mapped, declined or beyond a stack."""
    return {
        Control(framework.name, str(id_)): Definition.model_validate(entry)
        for framework in Framework
        for id_, entry in read_yaml(_FOLDER / f"{framework.name.lower()}.yaml").items()
    }
