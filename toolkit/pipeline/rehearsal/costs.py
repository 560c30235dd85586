"""The cost of a rehearsal: the estimates of the stack and of the account's bootstrap stack."""

from dataclasses import dataclass
from pathlib import Path

from toolkit.cost.estimate import Estimate, estimate
from toolkit.cost.prices import list_prices
from toolkit.cost.usage import UNUSED, Usage, usage_of
from toolkit.pipeline.rehearsal.model import Prices
from toolkit.pipeline.settings_and_outputs import BOOTSTRAP
from toolkit.stacks import ResourceGraph, evaluate
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.inputs import MalformedPropertyError, inputs_of

HOURS_A_MONTH = 730


@dataclass(frozen=True)
class Price:
    """The cost of one stack in USD, and what is not priced."""

    monthly: float
    not_priced: tuple[str, ...]

    @property
    def hourly(self) -> float:
        """Return the cost per hour."""
        return self.monthly / HOURS_A_MONTH

    def __str__(self) -> str:
        gaps = f"; not priced: {', '.join(self.not_priced)}" if self.not_priced else ""
        return f"about ${self.monthly:.2f} a month, ${self.hourly:.3f} an hour{gaps}"


def prices_of(stack: str, root: Path) -> dict[Prices, Price]:
    """Return both estimates, evaluated offline. Raises RefusedError."""
    try:
        graph = evaluate(stack, root=root)
        usage = usage_of(graph.config or {}, graph.project, f"Pulumi.{stack}.yaml")
        account = evaluate(stack, root=root / BOOTSTRAP)
        return {"account": _price(account, UNUSED), "stack": _price(graph, usage)}
    except (RefusedError, MalformedPropertyError) as error:
        raise RefusedError(f"The rehearsal cannot be priced: {error}") from None


def _price(graph: ResourceGraph, usage: Usage) -> Price:
    one: Estimate = estimate(inputs_of(graph), usage, list_prices())
    gaps = dict.fromkeys(f"{gap.of.resource.type.rpartition(':')[2]} ({gap.why})" for gap in one.not_priced)
    return Price(one.expected, tuple(gaps))
