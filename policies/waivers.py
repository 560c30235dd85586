"""Exceptions from rules, as reviewed data: each names its rule, its resource, why, who answers for it, and its end."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

FILE = Path(__file__).parent / "waivers.yaml"
LONGEST = timedelta(days=90)


class WaiverFileError(Exception):
    """One sentence on what is wrong with the file of waivers."""


class Waiver(BaseModel):
    """One exception."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str = Field(min_length=1)
    urn: str = Field(min_length=1)
    reason: str = ""
    owner: str = ""
    expires: date

    def complaints(self, known_rules: Iterable[str], today: date) -> tuple[str, ...]:
        """Why this waiver does not count: it is over-broad, ownerless, expired or too long, or names no rule."""
        found = []
        if self.rule not in known_rules:
            found.append(f"names the unknown rule {self.rule}; docs/policies.md lists them")
        if not re.fullmatch(r"urn:pulumi:[^*?:\s]+::[^*?:\s]+::[^*?\s]+::[^*?\s]+", self.urn):
            found.append("is over-broad or names no resource; write one whole URN, without wildcards")
        if len(self.reason.split()) < 3:
            found.append("gives no reason; say in a sentence why the rule may be broken here")
        if not self.owner.strip():
            found.append("has no owner; name the team or person that answers for it")
        if self.expires < today:
            found.append(f"expired on {self.expires}; mend the resource or have it reviewed again")
        if self.expires > today + LONGEST:
            found.append(f"lasts until {self.expires}; it may end at most {LONGEST.days} days ahead")
        return tuple(found)


def load_waivers(path: Path = FILE) -> tuple[Waiver, ...]:
    """The waivers in the file; WaiverFileError, one sentence, where it cannot be read as such."""
    try:
        document = yaml.safe_load(path.read_text())
    except FileNotFoundError:
        raise WaiverFileError(f"{path.name} is missing; it holds `waivers: []` where there are none.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise WaiverFileError(f"{path.name} is not YAML: {str(error).splitlines()[0]}.") from None
    if not isinstance(document, dict) or set(document) != {"waivers"} or not isinstance(document["waivers"], list):
        raise WaiverFileError(f"{path.name} must hold one list named waivers, such as `waivers: []`.")
    try:
        return tuple(Waiver.model_validate(entry) for entry in document["waivers"])
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "a waiver"
        raise WaiverFileError(f"{path.name}: {where} is {first['input']!r}: {first['msg']}.") from None
