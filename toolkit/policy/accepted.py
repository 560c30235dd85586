"""Accepted deviations from published controls, as reviewed data."""

from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from toolkit.policy.waivers import Waiver, WaiverFileError
from toolkit.stacks.errors import FileError, sentence
from toolkit.stacks.facts import Facts
from toolkit.stacks.yaml_documents import read_yaml


class Acceptance(BaseModel):
    """One deviation, for resources by logical name or route."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str = Field(min_length=1)
    resources: tuple[str, ...] = Field(min_length=1)
    reason: str = Field(pattern=r"\S+\s+\S+\s+\S+")
    owner: str = Field(min_length=1)
    reviewed: date

    def covers(self, rule: str, facts: Facts) -> bool:
        """Return whether it is for this rule at this resource."""
        if rule != self.rule:
            return False
        route = facts.properties.get("routeKey")
        return route in self.resources or any(fnmatchcase(facts.resource.name, one) for one in self.resources)


@dataclass(frozen=True)
class Allowance:
    """The reason why a resource may violate a rule: a waiver, which ends, or a reviewed accepted deviation."""

    reason: str
    owner: str
    expires: date | None = None
    reviewed: date | None = None

    @classmethod
    def of_waiver(cls, waiver: Waiver) -> "Allowance":
        """The allowance that a waiver gives."""
        return cls(waiver.reason, waiver.owner, expires=waiver.expires)

    @classmethod
    def of_acceptance(cls, found: Acceptance) -> "Allowance":
        """The allowance that an accepted deviation gives."""
        return cls(found.reason, found.owner, reviewed=found.reviewed)

    @property
    def words(self) -> str:
        """The owner, the date and the reason in one line."""
        when = (
            f"waived by {self.owner} until {self.expires}"
            if self.expires
            else (f"accepted by {self.owner}, reviewed {self.reviewed}")
        )
        return f"{when}: {self.reason}"

    def as_data(self) -> dict[str, str]:
        """The allowance for programs: reason, owner, and `expires` or `reviewed`."""
        day = {"expires": self.expires} if self.expires else {"reviewed": self.reviewed}
        return {"reason": self.reason, "owner": self.owner, **{name: str(value) for name, value in day.items()}}


def load_accepted(path: Path) -> tuple[Acceptance, ...]:
    """The deviations in a file; WaiverFileError, one sentence, where it cannot be read as such."""
    try:
        document = read_yaml(path)
    except FileError as error:
        raise WaiverFileError(str(error)) from None
    if not isinstance(document, dict) or set(document) != {"accepted"} or not isinstance(document["accepted"], list):
        raise WaiverFileError(f"{path.name} must hold one list named accepted.")
    try:
        return TypeAdapter(tuple[Acceptance, ...]).validate_python(document["accepted"])
    except ValidationError as error:
        raise WaiverFileError(sentence(path.name, error)) from None
