"""Waivers of rules, as reviewed data: rule, resource, reason, owner and expiry."""

import os
import re
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from toolkit.stacks.errors import FileError, sentence
from toolkit.stacks.yaml_documents import read_yaml

MAX_DURATION = timedelta(days=90)
_MIN_WORDS = 3
EntryT = TypeVar("EntryT", bound=BaseModel)


class WaiverFileError(FileError):
    """The file of waivers is invalid; the message is one sentence."""


class Waiver(BaseModel):
    """One waiver, for one resource."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str = Field(min_length=1)
    urn: str
    reason: str
    owner: str
    expires: date

    @field_validator("urn")
    @classmethod
    def _names_one_resource(cls, urn: str) -> str:
        if not re.fullmatch(r"urn:pulumi:[^*?:\s]+::[^*?:\s]+::[^*?\s]+::[^*?\s]+", urn):
            raise ValueError("write a complete URN, without wildcards; `pulumi stack --show-urns` lists them")
        return urn

    @field_validator("reason")
    @classmethod
    def _gives_a_reason(cls, reason: str) -> str:
        if len(reason.split()) < _MIN_WORDS:
            raise ValueError("give the reason in at least three words")
        return reason

    @field_validator("owner")
    @classmethod
    def _has_an_owner(cls, owner: str) -> str:
        if not owner.strip():
            raise ValueError("name the owner, a team or a person")
        return owner

    @field_validator("expires", mode="before")
    @classmethod
    def _is_a_date(cls, expires: object) -> object:
        if not isinstance(expires, date) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(expires)):
            raise ValueError("write a date as year, month and day, such as 2027-01-31")
        return expires

    @property
    def stack(self) -> str:
        """The stack of its resource."""
        return self.urn.split(":")[2]


def load_waivers(path: Path) -> tuple[Waiver, ...]:
    """Return the waivers in a file. Raises WaiverFileError, one sentence, where it cannot be read as such."""
    if not os.path.lexists(path):
        raise WaiverFileError(f"{path.name} is missing; it holds `waivers: []` where there are none.")
    return load_list(path, "waivers", Waiver)


def load_list(path: Path, name: str, entry: type[EntryT]) -> tuple[EntryT, ...]:
    """Return the entries of a file with one named list. Raises WaiverFileError, one sentence."""
    try:
        document = read_yaml(path)
        if not isinstance(document, dict) or set(document) != {name} or not isinstance(document[name], list):
            raise WaiverFileError(f"{path.name} must hold one list named {name}, such as `{name}: []`.")
        return TypeAdapter(dict[str, tuple[entry, ...]]).validate_python(document)[name]  # type: ignore[valid-type]
    except ValidationError as error:
        raise WaiverFileError(sentence(path.name, error)) from None
    except FileError as error:
        raise WaiverFileError(str(error)) from None
