"""Reads the price list: AWS's prices by region and tier, their sources, and the free tiers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from toolkit.stacks.errors import FileError, sentence
from toolkit.stacks.yaml_documents import read_yaml

FILE = Path(__file__).parent / "prices.yaml"
ASSUMED_REGION = "us-east-1"
EVERYWHERE = "everywhere"

AccountKind = Literal["none", "credits", "legacy-12m"]
Certainty = Literal["two-sources", "one-source", "unverified"]
Granted = Literal["always", "12-months"]
Unit = Literal[
    "requests", "GB-seconds", "GB", "units", "unit-hours", "GB-months", "users", "tokens", "alarms", "dashboards",
    "metrics", "traces", "messages", "keys", "secrets", "days", "firewalls", "rules", "zones", "events",
    "hours", "invocations",
]  # fmt: skip # one word each
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
_GRANTED: Mapping[AccountKind, tuple[Granted, ...]] = {
    "none": (),
    "credits": ("always",),
    "legacy-12m": ("always", "12-months"),
}


class PriceFileError(FileError):
    """The price list cannot be read; the message is one sentence."""


class _Row(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=lambda name: name.replace("_", "-"), populate_by_name=True
    )


class Tier(_Row):
    """A price up to a quantity in a month; the last tier has no end."""

    price: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    up_to: Positive | None = None


class RegionalPrice(_Row):
    """The price of one region, or its tiers."""

    price: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    tiers: tuple[Tier, ...] = ()
    source: Annotated[tuple[str, ...], Field(min_length=1)]
    certainty: Certainty
    assumes: str = ""
    """The assumption behind the figure."""

    @model_validator(mode="after")
    def _check_one_price_form(self) -> Self:
        if (self.price is None) == (not self.tiers):
            raise ValueError("give either a price or tiers")
        ends = [tier.up_to for tier in self.steps]
        if ends[-1] is not None or None in ends[:-1] or any(a >= b for a, b in pairwise(ends[:-1]) if a and b):
            raise ValueError("let up-to rise from tier to tier, and leave it out of the last one")
        return self

    @property
    def steps(self) -> tuple[Tier, ...]:
        """Return the tiers; a single price is one tier without end."""
        return self.tiers or (Tier(price=self.price or 0),)


class Price(_Row):
    """The prices of an item."""

    unit: Unit
    per: Annotated[int, Field(gt=0)] = 1
    """The number of units of the price."""
    regions: Mapping[str, RegionalPrice]

    @model_validator(mode="after")
    def _check_default_price(self) -> Self:
        if not {ASSUMED_REGION, EVERYWHERE} & set(self.regions):
            raise ValueError(f"give a figure for {ASSUMED_REGION} or for {EVERYWHERE}")
        return self


class Source(_Row):
    """The source of a figure: title, address and date of reading."""

    what: str
    url: Annotated[str, Field(pattern=r"^https://")]
    read: date


class FreeTier(_Row):
    """A free tier: the free quantity per month and per account or organization."""

    what: str
    amount: Positive
    granted: Granted
    items: Annotated[tuple[str, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Quote:
    """The price of an item in a region."""

    unit: Unit
    per: int
    steps: tuple[Tier, ...]
    certainty: Certainty
    source: tuple[str, ...]
    assumption: str = ""
    """The assumption behind the figure."""
    of_region: str = ""
    """The region whose price counts, because the list has none of the resource's own; empty where it has one."""


class PriceList(_Row):
    """The whole list."""

    dated: date
    sources: Mapping[str, Source]
    prices: Mapping[str, Price]
    free: tuple[FreeTier, ...]

    @model_validator(mode="after")
    def _check_references(self) -> Self:
        named = {source for row in self.prices.values() for one in row.regions.values() for source in one.source}
        if unknown := sorted(named - set(self.sources)):
            raise ValueError(f"the source {unknown[0]!r} is not among the sources")
        if unknown := sorted({item for tier in self.free for item in tier.items} - set(self.prices)):
            raise ValueError(f"the free tier of {unknown[0]!r} has no price")
        return self

    def quote(self, item: str, region: str) -> Quote:
        """Return the price in the region; that of us-east-1 where the list has none of the region."""
        row = self.prices[item]
        found = row.regions.get(region) or row.regions.get(EVERYWHERE)
        of_region = "" if found else ASSUMED_REGION
        borrowed = f"the price of {of_region}, for want of one of {region}" if of_region else ""
        found = found or row.regions[ASSUMED_REGION]
        assumption = "; ".join(filter(None, (borrowed, found.assumes)))
        return Quote(row.unit, row.per, found.steps, found.certainty, found.source, assumption, of_region)

    def free_for(self, kind: AccountKind) -> tuple[FreeTier, ...]:
        """Return the free tiers of an account of this kind."""
        return tuple(tier for tier in self.free if tier.granted in _GRANTED[kind])


def load_prices(path: Path = FILE) -> PriceList:
    """Return the price list in the file. Raises PriceFileError, one sentence."""
    try:
        document = read_yaml(path)
    except FileError as error:
        raise PriceFileError(str(error)) from None
    try:
        return PriceList.model_validate(document)
    except ValidationError as error:
        raise PriceFileError(sentence(path.name, error)) from None


@cache
def list_prices() -> PriceList:
    """Return the project's price list."""
    return load_prices()
