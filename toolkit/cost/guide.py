"""Writes the generated tables of docs/cost.md: the profile, the sources of prices, the free types."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from toolkit.cost.meter import amount_of, dollars
from toolkit.cost.prices import ASSUMED_REGION, EVERYWHERE, Price, list_prices
from toolkit.cost.usage import FunctionUsage, Usage
from toolkit.resource_types.lookup import free_types

FILE = Path(__file__).resolve().parents[2] / "docs" / "cost.md"
_TABLE = re.compile(r"(<!-- table: (?P<name>[a-z-]+), written by make generate -->\n)(?:\|.*\n)*")


def rendered(text: str) -> str:
    """Return the guide with its tables generated from the code."""
    tables = {"profile": _profile, "functions": _functions, "prices": _prices, "sources": _sources, "free": _free}
    return _TABLE.sub(lambda found: found[1] + "".join(f"{row}\n" for row in tables[found["name"]]()), text)


def _profile() -> Iterator[str]:
    yield from _table("key", "default", "meaning")
    for field in Usage.model_fields.values():
        default = "required" if field.is_required() else field.default
        yield _row(f"`{field.alias}`", str(default), str(field.description))


def _functions() -> Iterator[str]:
    yield from _table("key", "meaning")
    yield from (_row(f"`{field.alias}`", str(field.description)) for field in FunctionUsage.model_fields.values())


def _prices() -> Iterator[str]:
    """The first price in each region; more where the list has tiers."""
    prices = list_prices().prices
    regions = sorted({region for row in prices.values() for region in row.regions} - {EVERYWHERE})
    yield from _table("item", "for", *regions)
    for name, row in prices.items():
        yield _row(f"`{name}`", amount_of(row.per, row.unit), *(_price(row, region) for region in regions))


def _price(row: Price, region: str) -> str:
    found = row.regions.get(region) or row.regions.get(EVERYWHERE)
    if not found:
        return f"as {ASSUMED_REGION}"
    tiers = f", {len(found.steps)} tiers" if len(found.steps) > 1 else ""
    return dollars(found.steps[0].price) + tiers + (" (unverified)" if found.certainty == "unverified" else "")


def _sources() -> Iterator[str]:
    yield from _table("source", "what was read", "read")
    for name, source in list_prices().sources.items():
        yield _row(name, f"[{source.what}]({source.url})", source.read.isoformat())


def _free() -> Iterator[str]:
    yield from _table("type", "why")
    yield from (_row(f"`{type_}`", why) for type_, why in free_types().items())


def _table(*heads: str) -> Iterable[str]:
    return _row(*heads), "|---" * len(heads) + "|"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
