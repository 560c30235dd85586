"""Rules that compare the throttles of an API with the concurrency of the function behind it."""

from toolkit.cost.traffic import ACCOUNT_CONCURRENCY
from toolkit.policy.concurrency import needed_by_public_routes, needed_concurrency
from toolkit.policy.rule import Levels, Severity, StackRule, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.stacks.facts import Facts, GraphFacts

PUBLIC_SHARE = 0.5


def _concurrency(function: Facts) -> float:
    reserved = function.number("reservedConcurrentExecutions", -1)
    return reserved if reserved >= 0 else ACCOUNT_CONCURRENCY


@for_each(FUNCTION)
def _public_is_small(function: Facts, graph: GraphFacts, _stack: Stack) -> bool:
    needed = needed_by_public_routes(graph, function)
    return not needed or needed <= PUBLIC_SHARE * _concurrency(function)


throttles_fit_concurrency = StackRule(
    name="throttles-fit-concurrency",
    description="The throttling limits of an API fit the concurrency of its function",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    checks={
        "the throttling limits allow more concurrent requests than reservedConcurrentExecutions, or the account's "
        "1,000, so callers get 503; the requests of a route are its burst, and its rate times the threshold of the "
        "alarm on Duration or the timeout; lower the limits in routeSettings, or raise the concurrency": (
            for_each(FUNCTION)(lambda function, graph, _: needed_concurrency(graph, function) <= _concurrency(function))
        )
    },
)

public_routes_bounded = StackRule(
    name="public-routes-bounded",
    description="Public routes can use at most half of the function's concurrency",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    checks={
        "routes without an authorizer can use the concurrency that signed-in callers need; set lower limits for "
        "them in routeSettings": _public_is_small
    },
)
