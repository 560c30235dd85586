"""Charges quantities of a month: resources share the free tiers and the price tiers of the account."""

from collections import defaultdict
from dataclasses import dataclass

from toolkit.cost.demand import Quantity
from toolkit.cost.prices import AccountKind, PriceList, Quote


@dataclass(frozen=True)
class Charge:
    """The cost of a quantity in USD, and its formula."""

    usd: float
    formula: str


class Meter:
    """Charges one quantity after the other."""

    def __init__(self, prices: PriceList, kind: AccountKind) -> None:
        self.prices = prices
        self._free = {item: tier.what for tier in prices.free_for(kind) for item in tier.items}
        self._left = {tier.what: tier.amount for tier in prices.free_for(kind)}
        self._charged: defaultdict[tuple[str, str], float] = defaultdict(float)

    def charge(self, item: str, region: str, quantity: Quantity) -> Charge:
        """Return the cost of this additional quantity."""
        quote = self.prices.quote(item, region)
        pool = self._free.get(item, "")
        free = min(quantity.amount, self._left.get(pool, 0))
        if pool:
            self._left[pool] -= free
        parts = self._through_tiers((item, region), quantity.amount - free, quote)
        usd = sum(amount * price / quote.per for amount, price in parts)
        return Charge(usd, _formula(quantity, free, parts, quote))

    def _through_tiers(self, key: tuple[str, str], amount: float, quote: Quote) -> list[tuple[float, float]]:
        """Yield the parts of the amount with the price of each."""
        parts: list[tuple[float, float]] = []
        for step in quote.steps:
            room = amount if step.up_to is None else max(min(amount, step.up_to - self._charged[key]), 0)
            if room > 0:
                parts.append((room, step.price))
            self._charged[key] += room
            amount -= room
        return parts or [(0, quote.steps[0].price)]


def _formula(quantity: Quantity, free: float, parts: list[tuple[float, float]], quote: Quote) -> str:
    counted = amount_of(quantity.amount, quote.unit)
    start = "" if quantity.how == counted else f"{quantity.how} = "
    given = f"{counted} - {number(free)} free: " if free else ""
    per = f" per {quote.per:,}" if quote.per > 1 else ""
    mark = f" (price of {quote.of_region})" if quote.of_region else ""
    return (
        start
        + given
        + " + ".join(f"{amount_of(amount, quote.unit)} × ${dollars(price)}{per}" for amount, price in parts)
        + mark
    )


def amount_of(value: float, unit: str) -> str:
    """Return a quantity with its unit."""
    return f"{number(value)} {unit.removesuffix('s') if value == 1 else unit}"


def number(value: float) -> str:
    """Return a quantity rounded to its significant places."""
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:,.3g}"


def dollars(price: float) -> str:
    """Return a price with all its places, at least two."""
    whole, _, places = f"{price:.10f}".partition(".")
    return f"{whole}.{places.rstrip('0'):0<2}"
