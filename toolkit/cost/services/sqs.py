"""The charges of queues: requests of senders, and of Lambda, which polls also an empty queue."""

from math import ceil

from toolkit.cost.demand import Demand, Demands, Quantity, unbounded
from toolkit.cost.traffic import LONGEST_SECONDS, SECONDS, Traffic
from toolkit.resource_types.lambda_ import EVENT_SOURCE_MAPPING
from toolkit.resource_types.sqs import QUEUE
from toolkit.stacks.inputs import Inputs

_POLLERS = 5
"""Lambda polls a standard queue with five pollers, and adds some while messages wait. It goes down to two while traffic
is low, but not with maximumConcurrency:
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html (read 2026-11-30)
"""
_WAIT_SECONDS = 20
"""A long poll waits so long for a message: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/
sqs-short-and-long-polling.html (read 2026-11-30). That Lambda waits the longest time is not documented."""
_MOST_OF_A_REQUEST = 10
"""Messages of one ReceiveMessage or DeleteMessageBatch."""
_DEFAULT_BATCH = 10


def meter_queue(queue: Inputs, traffic: Traffic) -> Demands:
    """Meter the messages sent, which nothing bounds, and for each mapping the polls, receipts and deletions.

    A request counts once for each 64 KB; a message here is smaller.
    """
    item = "sqs-fifo-requests" if queue.flag("fifoQueue") else "sqs-requests"
    mappings = traffic.graph.using(queue, EVENT_SOURCE_MAPPING, by="eventSourceArn")
    sent = sum(_messages(mapping, traffic) for mapping in mappings)
    yield unbounded(queue, item, sent, f"{sent:,.0f} messages sent")
    for mapping in mappings:
        functions = traffic.invoked_by(mapping)
        load = traffic.at_functions(functions)
        requests = 2 * ceil(mapping.number("batchSize", _DEFAULT_BATCH) / _MOST_OF_A_REQUEST)
        pollers = max((_POLLERS, *(traffic.concurrency(function) for function in functions)))
        received = _messages(mapping, traffic)
        yield Demand(
            queue,
            item,
            Quantity(
                _POLLERS * SECONDS / _WAIT_SECONDS + received * requests,
                f"{_POLLERS} pollers × {SECONDS:,} s ÷ {_WAIT_SECONDS} s + {received:,.0f} invocations × {requests}",
            ),
            Quantity(
                pollers * LONGEST_SECONDS / _WAIT_SECONDS + load.most * requests,
                f"{pollers:,.0f} pollers × {LONGEST_SECONDS:,} s ÷ {_WAIT_SECONDS} s + ({load.bound}) × {requests}",
            ),
        )


def _messages(mapping: Inputs, traffic: Traffic) -> float:
    """Return the invocations of the profile: one message for each."""
    functions = traffic.invoked_by(mapping)
    return sum(traffic.usage.of_function(function.resource.name).invocations or 0 for function in functions)


SERVICES = {QUEUE: meter_queue}
