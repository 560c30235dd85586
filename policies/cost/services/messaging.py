"""What topics ask for: messages, and the mails that they become."""

from policies.cost.demand import Demand, Demands, Gap, Quantity
from policies.cost.traffic import LONGEST_HOURS, Traffic
from policies.facts import Facts
from policies.rules.cloudwatch import METRIC_ALARM
from policies.rules.messaging import TOPIC

SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"

_FREE = {"sqs", "lambda"}
_MINUTES = LONGEST_HOURS * 60


def ask_topic(topic: Facts, traffic: Traffic) -> Demands:
    """What alarms say; none of them changes its state more than once a minute."""
    yield _messages(topic, "sns-publishes", traffic)


def ask_subscription(subscription: Facts, traffic: Traffic) -> Demands:
    """A mail for each message."""
    protocol = subscription.text("protocol")
    if protocol.startswith("email"):
        yield _messages(subscription, "sns-emails", traffic)
    elif protocol not in _FREE:
        yield Gap(subscription, "only deliveries by mail, to queues and to functions are priced")


def _messages(of: Facts, item: str, traffic: Traffic) -> Demand:
    alarms, alerts = len(traffic.graph.of(METRIC_ALARM)), traffic.usage.alerts
    most = alarms * _MINUTES
    return Demand(
        of,
        item,
        Quantity(min(alerts, most), f"{alerts:,} alerts"),
        Quantity(most, f"{alarms} alarms × {_MINUTES:,} minutes"),
    )


SERVICES = {TOPIC: ask_topic, SUBSCRIPTION: ask_subscription}
