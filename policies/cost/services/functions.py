"""What functions ask for: calls, time and memory, instances that wait, snapshots, traces, metrics."""

from dataclasses import dataclass

from policies.cost.demand import Demand, Demands, Quantity, fixed, unbounded
from policies.cost.traffic import SECONDS, Load, Traffic
from policies.facts import Facts
from policies.rules.lambda_cost import PROVISIONED
from policies.rules.lambda_function import FUNCTION

_FREE_STORAGE_MB = 512
_TRACED_SHARE = 0.05
"""X-Ray's own rule: the first request of each second, and a twentieth of the others."""
_LONGEST_DEFAULT = 3


@dataclass(frozen=True)
class _Size:
    """What an instance of a function is."""

    gb: float
    architecture: str
    instances: float
    waiting: float
    """How many instances are kept ready."""

    @classmethod
    def of(cls, function: Facts, traffic: Traffic) -> "_Size":
        architectures = function.texts("architectures") or ("x86_64",)
        return cls(
            gb=function.number("memorySize", 128) / 1024,
            architecture="arm64" if "arm64" in architectures else "x86",
            instances=traffic.concurrency(function),
            waiting=sum(
                one.number("provisionedConcurrentExecutions", 0)
                for one in traffic.graph.using(function, PROVISIONED, by="functionName")
            ),
        )


def ask_function(function: Facts, traffic: Traffic) -> Demands:
    """Calls, duration with cold starts, and what the function has besides."""
    load, size = traffic.at_function(function), _Size.of(function, traffic)
    calls = f"{load.expected:,.0f} requests"
    yield Demand(function, "lambda-requests", Quantity(load.expected, calls), Quantity(load.most, load.bound))
    yield from _duration(function, traffic, load, size)
    yield from _storage(function, traffic, load, size)
    yield from _snapshots(function, traffic, load, size)
    yield from _traces(function, load)
    if traffic.usage.custom_metrics:
        metrics = traffic.usage.custom_metrics / traffic.share(function)
        yield unbounded(function, "custom-metrics", metrics, "the application's metrics")


def ask_waiting(config: Facts, traffic: Traffic) -> Demands:
    """Instances that are kept ready, called or not."""
    for function in traffic.graph.behind(config, "functionName", FUNCTION):
        size, count = _Size.of(function, traffic), config.number("provisionedConcurrentExecutions", 0)
        how = f"{count:,.0f} instances × {size.gb:g} GB × {SECONDS:,} s"
        yield fixed(config, f"lambda-provisioned-{size.architecture}", count * size.gb * SECONDS, how)


def _duration(function: Facts, traffic: Traffic, load: Load, size: _Size) -> Demands:
    """A call may not work longer than its timeout; at most all instances work all the time."""
    usage = traffic.usage
    seconds = min(usage.duration_ms / 1000, function.number("timeout", _LONGEST_DEFAULT))
    starts = 0.0 if size.waiting else usage.cold_start_share * usage.cold_start_ms / 1000
    how = f"{load.expected:,.0f} calls × {size.gb:g} GB × {seconds:g} s"
    how += f" and {usage.cold_start_share:g} × {usage.cold_start_ms / 1000:g} s to start" if starts else ""
    item = f"lambda-{'in-provisioned-' if size.waiting else ''}{size.architecture}"
    if not size.waiting:
        most = Quantity(
            size.gb * size.instances * SECONDS, f"{size.gb:g} GB × {size.instances:,.0f} instances × {SECONDS:,} s"
        )
        amount = min(load.expected * (seconds + starts) * size.gb, most.amount)
        yield Demand(function, item, Quantity(amount, how), most)
        return
    ready = Quantity(size.gb * size.waiting * SECONDS, f"{size.gb:g} GB × {size.waiting:,.0f} ready × {SECONDS:,} s")
    rest = max(size.instances - size.waiting, 0)
    others = Quantity(size.gb * rest * SECONDS, f"{size.gb:g} GB × {rest:,.0f} more instances × {SECONDS:,} s")
    asked = load.expected * seconds * size.gb
    yield Demand(function, item, Quantity(min(asked, ready.amount), how), ready)
    beyond = Quantity(min(max(asked - ready.amount, 0), others.amount), "what the ready instances cannot take")
    yield Demand(function, f"lambda-{size.architecture}", beyond, others)


def _storage(function: Facts, traffic: Traffic, load: Load, size: _Size) -> Demands:
    gb = (function.number("ephemeralStorage.size", _FREE_STORAGE_MB) - _FREE_STORAGE_MB) / 1024
    if gb > 0:
        seconds = traffic.usage.duration_ms / 1000
        most = gb * size.instances * SECONDS
        how = f"{load.expected:,.0f} calls × {seconds:g} s × {gb:g} GB beyond {_FREE_STORAGE_MB} MB"
        bound = f"{size.instances:,.0f} instances × {SECONDS:,} s × {gb:g} GB"
        amount = min(load.expected * seconds * gb, most)
        yield Demand(function, "lambda-storage", Quantity(amount, how), Quantity(most, bound))


def _snapshots(function: Facts, traffic: Traffic, load: Load, size: _Size) -> Demands:
    usage = traffic.usage
    if function.text("snapStart.applyOn", "None") == "None":
        return
    kept = usage.snapstart_versions * size.gb * SECONDS
    yield unbounded(
        function, "lambda-snapshot-cache", kept, f"{usage.snapstart_versions} versions × {size.gb:g} GB × {SECONDS:,} s"
    )
    gb = usage.cold_start_share * size.gb
    each = f"{usage.cold_start_share:g} starts × {size.gb:g} GB"
    expected = Quantity(load.expected * gb, f"{load.expected:,.0f} calls × {each}")
    yield Demand(function, "lambda-snapshot-restore", expected, Quantity(load.most * gb, f"({load.bound}) × {each}"))


def _traces(function: Facts, load: Load) -> Demands:
    """Where tracing is on, X-Ray takes one request of each second and a twentieth of the others."""
    if function.text("tracingConfig.mode", "PassThrough") != "Active":
        return

    def traced(calls: float) -> float:
        return min(calls, SECONDS) + max(calls - SECONDS, 0) * _TRACED_SHARE

    how = f"{load.expected:,.0f} calls, one a second and {_TRACED_SHARE:.0%} of the others"
    bound = f"({load.bound}), one a second and {_TRACED_SHARE:.0%} of the others"
    yield Demand(function, "traces", Quantity(traced(load.expected), how), Quantity(traced(load.most), bound))


SERVICES = {FUNCTION: ask_function, PROVISIONED: ask_waiting}
