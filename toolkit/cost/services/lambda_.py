"""The charges of functions: requests, duration, provisioned concurrency, snapshots, traces and metrics."""

from dataclasses import dataclass

from toolkit.cost.demand import Demand, Demands, Gap, Quantity, data_out, unbounded
from toolkit.cost.traffic import LONGEST_SECONDS, SECONDS, Load, Traffic
from toolkit.resource_types.lambda_ import EVENT_SOURCE_MAPPING, FUNCTION, FUNCTION_URL, PROVISIONED_CONCURRENCY
from toolkit.stacks.inputs import Inputs

_FREE_STORAGE_MB = 512
_TRACED_SHARE = 0.05
"""X-Ray's own rule: the first request of each second, and a twentieth of the others."""
_LONGEST_DEFAULT = 3
_LONGEST_START = 10
"""Seconds. Lambda ends a start after 10 seconds and charges for it, since August 2025 for all packages.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html and
https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/, read on 2026-11-30.
"""


@dataclass(frozen=True)
class _Size:
    """The size of an instance of a function."""

    gb: float
    architecture: str
    instances: float
    waiting: float
    """The number of provisioned instances."""

    @classmethod
    def of(cls, function: Inputs, traffic: Traffic) -> "_Size":
        architectures = function.texts("architectures") or ("x86_64",)
        return cls(
            gb=function.number("memorySize", 128) / 1024,
            architecture="arm64" if "arm64" in architectures else "x86",
            instances=traffic.concurrency(function),
            waiting=sum(
                one.number("provisionedConcurrentExecutions", 0)
                for one in traffic.graph.using(function, PROVISIONED_CONCURRENCY, by="functionName")
            ),
        )


def meter_function(function: Inputs, traffic: Traffic) -> Demands:
    """Meter calls, duration with cold starts, and the other features of the function."""
    load, size = traffic.at_function(function), _Size.of(function, traffic)
    yield from _uncounted_callers(function, traffic)
    calls = f"{load.expected:,.0f} requests"
    yield Demand(function, "lambda-requests", Quantity(load.expected, calls), Quantity(load.most, load.bound))
    yield from _duration(function, traffic, load, size)
    yield from _storage(function, traffic, load, size)
    yield from _snapshots(function, traffic, load, size)
    yield from _traces(function, traffic, load)
    if traffic.usage.custom_metrics:
        metrics = traffic.usage.custom_metrics / traffic.share(function)
        yield unbounded(function, "custom-metrics", metrics, "the application's metrics")


def meter_provisioned_concurrency(config: Inputs, traffic: Traffic) -> Demands:
    """Meter provisioned instances, called or not."""
    for function in traffic.graph.behind(config, "functionName", FUNCTION):
        size, count = _Size.of(function, traffic), config.number("provisionedConcurrentExecutions", 0)
        month, longest = (
            Quantity(count * size.gb * seconds, f"{count:,.0f} instances × {size.gb:g} GB × {seconds:,} s")
            for seconds in (SECONDS, LONGEST_SECONDS)
        )
        yield Demand(config, f"lambda-provisioned-{size.architecture}", month, longest)


def _uncounted_callers(function: Inputs, traffic: Traffic) -> Demands:
    """Yield the callers whose number of calls is in no profile; the worst month has their calls."""
    if traffic.usage.of_function(function.resource.name).invocations is None:
        for caller in traffic.callers_without_count(function):
            kind = caller.resource.type.rpartition(":")[2]
            yield Gap(
                function,
                f"the expected number of calls from {caller.resource.name} ({kind}) is unknown; the profile has "
                f"functions.{function.resource.name}.invocations for it",
            )
    if not traffic.has_callers(function):
        yield Gap(function, "nothing in the stack calls it, so its calls are not in the expected month")


def _duration(function: Inputs, traffic: Traffic, load: Load, size: _Size) -> Demands:
    """Meter the duration: at most the timeout per call and a start for each, and at most all instances all the time."""
    usage, timeout = traffic.usage, function.number("timeout", _LONGEST_DEFAULT)
    seconds = min(traffic.duration_ms(function) / 1000, timeout)
    starts = 0.0 if size.waiting else usage.cold_start_share * usage.cold_start_ms / 1000
    how = f"{load.expected:,.0f} calls × {size.gb:g} GB × {seconds:g} s"
    how += f" and {usage.cold_start_share:g} × {usage.cold_start_ms / 1000:g} s to start" if starts else ""
    item = f"lambda-{'in-provisioned-' if size.waiting else ''}{size.architecture}"
    if not size.waiting:
        most = _worst_gb_seconds(size.gb, load, size.instances, timeout)
        amount = min(load.expected * (seconds + starts) * size.gb, most.amount)
        yield Demand(function, item, Quantity(amount, how), most)
        return
    ready = _worst_gb_seconds(size.gb, load, size.waiting, timeout)
    others = _worst_gb_seconds(size.gb, load, max(size.instances - size.waiting, 0), timeout)
    wanted = load.expected * seconds * size.gb
    yield Demand(function, item, Quantity(min(wanted, ready.amount), how), ready)
    beyond = Quantity(min(max(wanted - ready.amount, 0), others.amount), "what the provisioned instances cannot take")
    yield Demand(function, f"lambda-{size.architecture}", beyond, others)


def _worst_gb_seconds(gb: float, load: Load, instances: float, timeout: float) -> Quantity:
    """Return the GB-seconds of instances that run all the time, or of all calls if those are fewer."""
    busy, called = instances * LONGEST_SECONDS, load.most * (timeout + _LONGEST_START)
    if called < busy:
        return Quantity(gb * called, f"{gb:g} GB × ({load.bound}) × ({timeout:g} s + {_LONGEST_START} s to start)")
    return Quantity(gb * busy, f"{gb:g} GB × {instances:,.0f} instances × {LONGEST_SECONDS:,} s")


def _storage(function: Inputs, traffic: Traffic, load: Load, size: _Size) -> Demands:
    gb = (function.number("ephemeralStorage.size", _FREE_STORAGE_MB) - _FREE_STORAGE_MB) / 1024
    if gb > 0:
        timeout = function.number("timeout", _LONGEST_DEFAULT)
        seconds = min(traffic.duration_ms(function) / 1000, timeout)
        most = _worst_gb_seconds(gb, load, size.instances, timeout)
        how = f"{load.expected:,.0f} calls × {seconds:g} s × {gb:g} GB beyond {_FREE_STORAGE_MB} MB"
        yield Demand(function, "lambda-storage", Quantity(min(load.expected * seconds * gb, most.amount), how), most)


def _snapshots(function: Inputs, traffic: Traffic, load: Load, size: _Size) -> Demands:
    usage = traffic.usage
    if function.text("snapStart.applyOn", "None") == "None":
        return
    kept = usage.snapstart_versions * size.gb * SECONDS
    yield unbounded(
        function, "lambda-snapshot-cache", kept, f"{usage.snapstart_versions} versions × {size.gb:g} GB × {SECONDS:,} s"
    )
    gb = usage.cold_start_share * size.gb
    each = f"{usage.cold_start_share:g} starts × {size.gb:g} GB"
    # Each call may start an instance, but AWS does not document how long an instance is kept.
    yield unbounded(function, "lambda-snapshot-restore", load.expected * gb, f"{load.expected:,.0f} calls × {each}")


def _traces(function: Inputs, traffic: Traffic, load: Load) -> Demands:
    """Where tracing is on, X-Ray takes one request of each second and a twentieth of the others.

    At the worst it takes all, except of schedules and buckets: Lambda "will respect any tracing header it receives from
    an upstream service", and a caller may send one, which messages keep.
    https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_lambda.Tracing.html, read on 2026-11-30.
    """
    if function.text("tracingConfig.mode", "PassThrough") != "Active":
        return

    def traced(calls: float, seconds: int) -> float:
        return min(calls, seconds) + max(calls - seconds, 0) * _TRACED_SHARE

    sampled = f"one a second and {_TRACED_SHARE:.0%} of the others"
    how = f"{load.expected:,.0f} calls, {sampled}"
    if traffic.carries_traces(function):
        most = Quantity(load.most, f"{load.bound}, each with a header that asks for a trace")
    else:
        most = Quantity(
            traced(load.most, LONGEST_SECONDS), f"({load.bound}), one a second and {_TRACED_SHARE:.0%} of the others"
        )
    yield Demand(function, "traces", Quantity(traced(load.expected, SECONDS), how), most)


def meter_function_url(url: Inputs, traffic: Traffic) -> Demands:
    """Return data out; the calls are charged at the function."""
    yield from data_out(url, traffic.at_url(url), traffic)


def meter_event_source_mapping(mapping: Inputs, _traffic: Traffic) -> Demands:
    """Meter nothing: calls are charged at the function, polling at the queue; reading a DynamoDB stream is free.

    https://aws.amazon.com/dynamodb/pricing/on-demand/ (read 2026-09-20): reads by Lambda are not charged.
    """
    if mapping.has("provisionedPollerConfig"):
        yield Gap(mapping, "provisioned pollers have a price by the hour")


SERVICES = {
    FUNCTION: meter_function,
    EVENT_SOURCE_MAPPING: meter_event_source_mapping,
    FUNCTION_URL: meter_function_url,
    PROVISIONED_CONCURRENCY: meter_provisioned_concurrency,
}
