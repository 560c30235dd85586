"""Accepted deviations from published controls, as reviewed data."""

from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from toolkit.policy.waivers import Waiver, load_list
from toolkit.stacks.inputs import Inputs


class Acceptance(BaseModel):
    """One deviation, for resources by logical name or route."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str = Field(min_length=1)
    resources: tuple[str, ...] = Field(min_length=1)
    reason: str = Field(pattern=r"\S+\s+\S+\s+\S+")
    owner: str = Field(min_length=1)
    reviewed: date

    def covers(self, rule: str, inputs: Inputs) -> bool:
        """Return whether it is for this rule at this resource."""
        if rule != self.rule:
            return False
        route = inputs.properties.get("routeKey")
        return route in self.resources or any(fnmatchcase(inputs.resource.name, one) for one in self.resources)


@dataclass(frozen=True)
class Allowance:
    """The reason why a resource may violate a rule: a waiver, which ends, or a reviewed accepted deviation."""

    reason: str
    owner: str
    expires: date | None = None
    reviewed: date | None = None

    @classmethod
    def of_waiver(cls, waiver: Waiver) -> "Allowance":
        """Return the allowance that a waiver gives."""
        return cls(waiver.reason, waiver.owner, expires=waiver.expires)

    @classmethod
    def of_acceptance(cls, found: Acceptance) -> "Allowance":
        """Return the allowance that an accepted deviation gives."""
        return cls(found.reason, found.owner, reviewed=found.reviewed)

    @property
    def words(self) -> str:
        """The owner, the date and the reason in one line."""
        accepted = f"accepted by {self.owner}, reviewed {self.reviewed}"
        waived = f"waived by {self.owner} until {self.expires}"
        return f"{waived if self.expires else accepted}: {self.reason}"

    def as_data(self) -> dict[str, str]:
        """Return the allowance for programs: reason, owner, and `expires` or `reviewed`."""
        day = {"expires": self.expires} if self.expires else {"reviewed": self.reviewed}
        return {"reason": self.reason, "owner": self.owner, **{name: str(value) for name, value in day.items()}}


def load_accepted(path: Path) -> tuple[Acceptance, ...]:
    """Return the deviations in a file. Raises WaiverFileError, one sentence, where it cannot be read as such."""
    return load_list(path, "accepted", Acceptance)
