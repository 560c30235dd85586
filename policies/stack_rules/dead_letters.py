"""Which queues take what others could not handle."""

from toolkit.resource_types.lambda_ import EVENT_SOURCE_MAPPING
from toolkit.resource_types.sns import TOPIC_SUBSCRIPTION
from toolkit.resource_types.sqs import QUEUE, REDRIVE_ALLOW_POLICY, REDRIVE_POLICY
from toolkit.stacks.facts import Facts, GraphFacts, UnknownPropertyError
from toolkit.stacks.references import known_text, named_by, refers

_DEAD_LETTERS = (
    ("deadLetterConfig.targetArn", "aws:lambda/function:Function"),
    ("destinationConfig.onFailure.destination", "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"),
    ("destinationConfig.onFailure.destinationArn", EVENT_SOURCE_MAPPING),
    ("deadLetterConfig.arn", "aws:cloudwatch/eventTarget:EventTarget"),
    ("target.deadLetterConfig.arn", "aws:scheduler/schedule:Schedule"),
)
"""Properties that name a queue for what could not be handled, and the types that have them."""


def dead_letter_queues(graph: GraphFacts) -> tuple[Facts, ...]:
    """Return the queues that take what others could not handle."""
    named = {
        queue.urn
        for path, type_ in _DEAD_LETTERS
        for user in graph.of(type_)
        if known_text(user, path) is not None or user.depends_on(path.partition(".")[0])
        for queue in _queues_at(graph, user, path)
    }
    named |= {target.urn for queue in graph.of(QUEUE) for target in targets_of(graph, queue)}
    named |= {
        target.urn
        for subscription in graph.of(TOPIC_SUBSCRIPTION)
        if subscription.has("redrivePolicy")
        for target in named_in(graph, subscription)
    }
    return tuple(queue for queue in graph.of(QUEUE) if queue.urn in named or _says_so(graph, queue))


def _queues_at(graph: GraphFacts, user: Facts, path: str) -> tuple[Facts, ...]:
    if known_text(user, path) is None and not path.startswith(("deadLetter", "destination")):
        return ()
    return named_by(graph, user, path, QUEUE, "arn")


def _says_so(graph: GraphFacts, queue: Facts) -> bool:
    """A redriveAllowPolicy says so, and so does a name, for a queue that nothing else of the stack knows."""
    name = queue.resource.name
    allowed = queue.has("redriveAllowPolicy") or any(
        queue in named_by(graph, each, "queueUrl", QUEUE, "url", "id") for each in graph.of(REDRIVE_ALLOW_POLICY)
    )
    return allowed or "dead-letter" in name or name.endswith("dlq")


def redrive(graph: GraphFacts, queue: Facts) -> Facts | None:
    """Return the queue, or the resource beside it, that holds its redrivePolicy."""
    if queue.has("redrivePolicy"):
        return queue
    return next(
        (one for one in graph.of(REDRIVE_POLICY) if queue in named_by(graph, one, "queueUrl", QUEUE, "url", "id")), None
    )


def named_in(graph: GraphFacts, holder: Facts) -> tuple[Facts, ...]:
    """Return the queues of this stack that a redrivePolicy names."""
    try:
        target = known_text(holder.json("redrivePolicy"), "deadLetterTargetArn")
    except UnknownPropertyError:
        target = None
    return tuple(queue for queue in graph.of(QUEUE) if refers(holder, "redrivePolicy", target, queue, "arn"))


def targets_of(graph: GraphFacts, queue: Facts) -> tuple[Facts, ...]:
    """Return the queues that take the dead letters of a queue."""
    holder = _redrive_or_none(graph, queue)
    return named_in(graph, holder) if holder else ()


def _redrive_or_none(graph: GraphFacts, queue: Facts) -> Facts | None:
    try:
        return redrive(graph, queue)
    except UnknownPropertyError:
        return queue
