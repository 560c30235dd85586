"""An estimate and a change as JSON: all figures, with the sources of their prices."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from toolkit.cost.delta import Delta
from toolkit.cost.estimate import Estimate, Line
from toolkit.cost.month import Month


def as_data(month: Month) -> dict[str, Any]:
    """Return the estimate as JSON data."""
    one = month.estimate
    return {
        **_heading(month),
        "expected": one.expected,
        "expected-in-budgets": month.in_budgets(one.expected),
        "worst": one.worst,
        "worst-in-budgets": month.in_budgets(one.worst),
        "unbounded": len(one.unbounded),
        "reading": one.reading,
        "lines": [asdict(line) for line in one.lines],
        "free": dict(one.free),
        "not-priced": gaps_as_data(one),
        "prices-of-other-regions": one.prices_of_other_regions,
        "sources": _sources(month, one.lines),
    }


def delta_as_data(month: Month, delta: Delta) -> dict[str, Any]:
    """Return the change as JSON data; `month` is the one after it."""
    return {
        **_heading(month),
        "before": delta.before.expected,
        "after": delta.after.expected,
        "by": delta.expected_change,
        "worst-before": delta.before.worst,
        "worst-after": delta.after.worst,
        "worst-by": delta.worst_change,
        "not-priced": gaps_as_data(delta.after),
        "prices-of-other-regions": delta.after.prices_of_other_regions,
        "changes": [
            {**asdict(change), "by": change.expected_change, "worst_by": change.worst_change}
            for change in delta.changes
        ],
        "sources": _sources(month, (*delta.before.lines, *delta.after.lines)),
    }


def gaps_as_data(one: Estimate) -> list[dict[str, str]]:
    """Return the gaps as JSON data."""
    return [{"urn": gap.of.urn, "type": gap.of.resource.type, "why": gap.why} for gap in one.not_priced]


def _heading(month: Month) -> dict[str, Any]:
    return {
        "project": month.project,
        "stack": month.stack,
        "currency": "USD",
        "prices-dated": month.prices.dated.isoformat(),
        "account-kind": month.usage.account_kind,
        "budget": month.budget,
    }


def _sources(month: Month, lines: Iterable[Line]) -> dict[str, Any]:
    """Return the sources that the lines name."""
    named = sorted({name for line in lines for name in line.source})
    return {name: month.prices.sources[name].model_dump(mode="json") for name in named}
