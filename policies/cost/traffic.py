"""How requests spread through a stack: from its APIs to functions, and on to logs, tables and traces."""

from dataclasses import dataclass
from functools import cached_property

from policies.cost.usage import Usage
from policies.facts import Facts, GraphFacts
from policies.rules.apigateway_access import AUTHORIZER, INTEGRATION
from policies.rules.apigateway_stage import STAGE
from policies.rules.lambda_function import FUNCTION
from policies.throttles import stage_throttles

ALIAS = "aws:lambda/alias:Alias"
REST_STAGE = "aws:apigateway/stage:Stage"
REST_INTEGRATION = "aws:apigateway/integration:Integration"
REST_AUTHORIZER = "aws:apigateway/authorizer:Authorizer"
HOURS = 730
SECONDS = 2_628_000
"""Of a month, as AWS counts one: 730 hours."""
ACCOUNT_CONCURRENCY = 1_000
"""Instances that Lambda runs in a region where a function sets no limit."""
_CALLS = (
    ((INTEGRATION,), "integrationUri"),
    ((AUTHORIZER, REST_AUTHORIZER), "authorizerUri"),
    ((REST_INTEGRATION,), "uri"),
)
"""What calls a function, and by which property."""
KB_IN_GB = 1_048_576
BYTES_IN_GB = 1_073_741_824


@dataclass(frozen=True)
class Load:
    """Requests in a month: as expected, and at most."""

    expected: float
    most: float
    bound: str
    """What holds the most, in words."""


@dataclass(frozen=True)
class Traffic:
    """The resources of a stack and the requests of its profile."""

    graph: GraphFacts
    usage: Usage

    @cached_property
    def _stages(self) -> tuple[Facts, ...]:
        return self.graph.of(STAGE, REST_STAGE)

    def at_stage(self, stage: Facts) -> Load:
        """Return the requests that a stage admits on all its routes; several stages share the profile's evenly."""
        throttles = stage_throttles(self.graph, stage)
        rate, burst = sum(one.rate for one in throttles), sum(one.burst for one in throttles)
        most = rate * SECONDS + burst
        return Load(
            min(self.usage.requests / len(self._stages), most),
            most,
            f"{rate:,.0f}/s × {SECONDS:,} s + burst {burst:,.0f}",
        )

    def at_function(self, function: Facts) -> Load:
        """The calls of a function: what its APIs pass on, and no more than its instances could answer in a ms each."""
        loads = [self.at_stage(stage) for stage in self._stages if self._leads_to(stage, function)]
        instances = self.concurrency(function)
        most, bound = instances * SECONDS * 1000.0, f"{instances:,.0f} instances × {SECONDS:,} s ÷ 1 ms"
        if loads and (through := sum(load.most for load in loads)) < most:
            most, bound = through, " + ".join(load.bound for load in loads)
        return Load(min(sum(load.expected for load in loads), most), most, bound)

    def concurrency(self, function: Facts) -> float:
        """How many instances may run at once; the account's quota where the function says nothing."""
        reserved = function.number("reservedConcurrentExecutions", -1)
        return reserved if reserved >= 0 else ACCOUNT_CONCURRENCY

    def callers(self, used: Facts, by: str) -> tuple[Facts, ...]:
        """The functions whose property names the resource."""
        return self.graph.using(used, FUNCTION, by=by)

    def at_functions(self, functions: tuple[Facts, ...]) -> Load:
        """The calls of several functions together."""
        loads = [self.at_function(function) for function in functions]
        return Load(
            sum(load.expected for load in loads),
            sum(load.most for load in loads),
            " + ".join(load.bound for load in loads) or "no function",
        )

    def share(self, resource: Facts) -> int:
        """How many resources of its type share what the profile gives for all of them."""
        return len(self.graph.of(resource.resource.type))

    def _leads_to(self, stage: Facts, function: Facts) -> bool:
        """Whether an integration or authorizer of the stage's API calls the function, or an alias of it."""
        entries = (function, *self.graph.using(function, ALIAS, by="functionName"))
        return any(
            _apis(stage) & _apis(user)
            for entry in entries
            for types, by in _CALLS
            for user in self.graph.using(entry, *types, by=by)
        )


def _apis(part: Facts) -> set[str]:
    """The URNs of the API that it is a part of."""
    return {*part.depends_on("apiId"), *part.depends_on("restApi")}
