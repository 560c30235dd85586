"""The limits of each environment that rules compare with."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from toolkit.policy.rule import StackCheck
from toolkit.policy.stack import Stack
from toolkit.stacks.inputs import StackInputs, Violations
from toolkit.stacks.settings import Environment

_HEALTH = frozenset({"GET /", "GET /health", "GET /health/live", "GET /health/ready", "GET /api/health"})
_DOCS = frozenset({"GET /docs", "GET /docs/oauth2-redirect", "GET /redoc", "GET /openapi.json"})


@dataclass(frozen=True)
class Bounds:
    """The limits of one environment; the comments name where a number comes from."""

    runtimes: Mapping[str, date]
    """The accepted Lambda runtimes, and the day when AWS stops patching them."""
    timeout_seconds: int = 29
    """An HTTP API ends an integration after 30 seconds."""
    memory_mb: int = 1769
    """One full CPU; more buys a second one, which a function that answers one call at a time does not use."""
    reserved_concurrency: int = 100
    provisioned_concurrency: int = 0
    """Billed by the hour, used or not; only prod may have some."""
    requests_per_second: int = 500
    burst_requests: int = 1_000
    table_units_per_second: int = 1_000
    shortest_log_days: int = 30
    longest_log_days: int = 400
    shortest_password: int = 14
    recovery_days: int = 14
    """The minimum period for point-in-time recovery; AWS keeps up to 35 days."""
    shortest_version_days: int = 14
    """How long overwritten and deleted objects of a bucket remain at least."""
    expiring_prefixes: frozenset[str] = frozenset({"pending/"})
    """Prefixes of objects that lifecycle rules may expire: unconfirmed uploads (ADR 12)."""
    requests_per_address: int = 10_000
    """In five minutes, by the rate-based rule of the web ACL."""
    key_deletion_days: int = 30
    secret_recovery_days: int = 7
    open_routes: frozenset[str] = _HEALTH
    """Routes that may be called without a token."""
    pages_on_this_machine: bool = False
    """Whether CORS origins and callback URLs may be http://localhost."""
    cost_rise: float | None = 0.2
    """The share by which one change may raise the expected or the worst month without a review."""
    budget_share: float | None = 0.8
    """The share of the budget that the expected month may reach by a change without a review; the budget sends its
    first notification there."""
    alarms_per_resource: int = 4
    """For each function, API, table and queue, on average; alarms-present requires up to three."""
    dashboards: int = 3
    keys: int = 4
    secrets: int = 10
    firewalls: int = 1
    """Each costs $5 a month and $1 for each rule, called or not; small environments have none."""
    worst_month_budgets: int = 10
    """The worst month may cost so many times the budget; docs/cost.md describes the worst month."""


_RUNTIMES = {
    "python3.12": date(2028, 10, 31),
    "python3.13": date(2029, 6, 30),
    "python3.14": date(2029, 6, 30),
}
_KEPT = Bounds(_RUNTIMES)
_SMALL = replace(
    _KEPT,
    memory_mb=512,
    reserved_concurrency=70,
    requests_per_second=100,
    burst_requests=200,
    table_units_per_second=100,
    shortest_log_days=1,
    longest_log_days=30,
    shortest_password=12,
    recovery_days=7,
    shortest_version_days=7,
    firewalls=0,
    key_deletion_days=7,
    open_routes=_HEALTH | _DOCS,
    pages_on_this_machine=True,
)

BOUNDS: Mapping[Environment, Bounds] = {
    "local": replace(
        _SMALL,
        memory_mb=_KEPT.memory_mb,
        longest_log_days=_KEPT.longest_log_days,
        reserved_concurrency=400,
        requests_per_second=_KEPT.requests_per_second,
        burst_requests=_KEPT.burst_requests,
        cost_rise=None,
        budget_share=None,
    ),
    "dev": _SMALL,
    "review": _SMALL,
    "staging": _KEPT,
    "prod": replace(_KEPT, provisioned_concurrency=10),
}


def bounds_of(stack: Stack) -> Bounds:
    """Return the limits of the stack's environment."""
    return BOUNDS[stack.environment]


def at_most(count: str, *types: str) -> StackCheck:
    """Return the check that the stack has no more of these than the bound; the last ones are too many."""

    def check(graph: StackInputs, stack: Stack) -> bool | Violations:
        return Violations(graph.of(*types)[getattr(bounds_of(stack), count) :]) or True

    return check


_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


def page_is_allowed(address: str, stack: Stack) -> bool:
    """Return whether a URL has https, or is a loopback address in an environment that allows it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    own = bounds_of(stack).pages_on_this_machine and parts.hostname in _THIS_MACHINE
    return parts.scheme == "https" or (own and parts.scheme == "http")
