"""The charges of topics and subscriptions."""

from toolkit.cost.demand import Demand, Demands, Gap, Quantity, unbounded
from toolkit.cost.services.cloudwatch import is_high_resolution
from toolkit.cost.traffic import LONGEST_HOURS, Traffic
from toolkit.resource_types.cloudwatch import COMPOSITE_ALARM, METRIC_ALARM
from toolkit.resource_types.sns import TOPIC, TOPIC_SUBSCRIPTION
from toolkit.stacks.inputs import Inputs

_FREE = {"sqs", "lambda"}
_MINUTES = LONGEST_HOURS * 60
_QUICK = 6
"""The number of the shortest periods, of 10 seconds, in a minute."""


def meter_topic(topic: Inputs, traffic: Traffic) -> Demands:
    """Meter messages of alarms, or of functions: one message for each invocation of the subscriber with the most.

    An alarm changes its state at most once per period. Nothing bounds what functions publish. The delivery to functions
    and queues is free.
    """
    subscriptions = traffic.graph.using(topic, TOPIC_SUBSCRIPTION, by="topic")
    of_functions = [one for one in subscriptions if one.text("protocol") in _FREE]
    if len(of_functions) < len(subscriptions) or not of_functions:
        yield _messages(topic, "sns-publishes", traffic)
    if of_functions:
        invoked = [function for one in of_functions for function in traffic.invoked_by(one)]
        counts = [traffic.usage.of_function(function.resource.name).invocations or 0 for function in invoked]
        published = max(counts, default=0)
        yield unbounded(topic, "sns-publishes", published, f"{published:,.0f} messages of functions")


def meter_subscription(subscription: Inputs, traffic: Traffic) -> Demands:
    """Meter a mail for each message."""
    protocol = subscription.text("protocol")
    if protocol.startswith("email"):
        yield _messages(subscription, "sns-emails", traffic)
    elif protocol not in _FREE:
        yield Gap(subscription, "only deliveries by mail, to queues and to functions are priced")


def _messages(of: Inputs, item: str, traffic: Traffic) -> Demand:
    alarms, alerts = traffic.graph.of(METRIC_ALARM, COMPOSITE_ALARM), traffic.usage.alerts
    quick = sum(1 for alarm in alarms if is_high_resolution(alarm))
    most = (len(alarms) + quick * (_QUICK - 1)) * _MINUTES
    bound = f"{len(alarms)} alarms × {_MINUTES:,} minutes" + (f", {quick} of them × {_QUICK}" if quick else "")
    return Demand(of, item, Quantity(min(alerts, most), f"{alerts:,} alerts"), Quantity(most, bound))


SERVICES = {TOPIC: meter_topic, TOPIC_SUBSCRIPTION: meter_subscription}
