"""Rules on SQS queues."""

from collections.abc import Iterator

from policies.rules.lambda_.callers import invocations
from toolkit.policy.rule import Levels, ResourceRule, Severity, StackRule, controls, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.lambda_ import EVENT_SOURCE_MAPPING, FUNCTION
from toolkit.resource_types.sns import TOPIC_SUBSCRIPTION
from toolkit.resource_types.sqs import QUEUE, REDRIVE_ALLOW_POLICY, REDRIVE_POLICY
from toolkit.stacks.inputs import Inputs, StackInputs, UnknownPropertyError, Violations, every
from toolkit.stacks.references import comes_from_elsewhere, known_text, named_by, reference, refers

_DEAD_LETTERS = (
    ("deadLetterConfig.targetArn", "aws:lambda/function:Function"),
    ("destinationConfig.onFailure.destination", "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"),
    ("destinationConfig.onFailure.destinationArn", EVENT_SOURCE_MAPPING),
    ("deadLetterConfig.arn", "aws:cloudwatch/eventTarget:EventTarget"),
    ("target.deadLetterConfig.arn", "aws:scheduler/schedule:Schedule"),
)
"""Properties that name a dead-letter queue or failure destination, and the types that have them."""


def dead_letter_queues(graph: StackInputs) -> tuple[Inputs, ...]:
    """Return the dead-letter queues and failure destinations."""
    named = _receiving_queues(graph)
    return tuple(
        queue for queue in graph.of(QUEUE) if queue.urn in named or _is_marked_as_dead_letter_queue(graph, queue)
    )


def _receiving_queues(graph: StackInputs) -> frozenset[str]:
    """Return the URNs of the queues that another resource names for its dead letters or failed events."""
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
    return frozenset(named)


def _queues_at(graph: StackInputs, user: Inputs, path: str) -> tuple[Inputs, ...]:
    if known_text(user, path) is None and not path.startswith(("deadLetter", "destination")):
        return ()
    return named_by(graph, user, path, QUEUE, "arn")


def _is_marked_as_dead_letter_queue(graph: StackInputs, queue: Inputs) -> bool:
    """Return whether redriveAllowPolicy or the name marks a dead-letter queue that no other resource references."""
    name = queue.resource.name
    allowed = queue.has("redriveAllowPolicy") or any(
        queue in named_by(graph, each, "queueUrl", QUEUE, "url", "id") for each in graph.of(REDRIVE_ALLOW_POLICY)
    )
    return allowed or "dead-letter" in name or name.endswith("dlq")


def redrive(graph: StackInputs, queue: Inputs) -> Inputs | None:
    """Return the queue, or the resource beside it, that holds its redrivePolicy."""
    if queue.has("redrivePolicy"):
        return queue
    return next(
        (one for one in graph.of(REDRIVE_POLICY) if queue in named_by(graph, one, "queueUrl", QUEUE, "url", "id")), None
    )


def named_in(graph: StackInputs, holder: Inputs) -> tuple[Inputs, ...]:
    """Return the queues of this stack that a redrivePolicy names."""
    try:
        target = known_text(holder.json("redrivePolicy"), "deadLetterTargetArn")
    except UnknownPropertyError:
        target = None
    return tuple(queue for queue in graph.of(QUEUE) if refers(holder, "redrivePolicy", target, queue, "arn"))


def targets_of(graph: StackInputs, queue: Inputs) -> tuple[Inputs, ...]:
    """Return the queues that take the dead letters of a queue."""
    holder = _redrive_or_none(graph, queue)
    return named_in(graph, holder) if holder else ()


def _redrive_or_none(graph: StackInputs, queue: Inputs) -> Inputs | None:
    try:
        return redrive(graph, queue)
    except UnknownPropertyError:
        return queue


_VISIBILITY_SECONDS, _RETENTION_SECONDS = 30, 345_600
"""AWS's defaults, in the copy of the API's reference for the SDK for Ruby:
https://www.rubydoc.info/gems/aws-sdk-sqs/1.10.0/Aws/SQS/Resource (read 2026-11-30)."""
_TIMES_TIMEOUT = 6
"""https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html, read on 2026-11-30. Earlier editions add
the mapping's batch window, and so does this rule."""
_FEWEST_RECEIVES, _MOST_RECEIVES = 2, 100
_HOUR, _DAY = 3_600, 86_400
_DEFAULT_BATCH = 10
_MOST_BATCHES = 1_250
"""Batches that a mapping processes at once without maximumConcurrency:
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html (read 2026-11-30)"""


def _has_dead_letter_queue(graph: StackInputs, _stack: Stack) -> bool | Violations:
    dead = {queue.urn for queue in dead_letter_queues(graph)}
    return every(graph.of(QUEUE), lambda queue: queue.urn in dead or redrive(graph, queue) is not None)


@for_each(QUEUE)
def _redrive_target_is_valid(queue: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    holder = redrive(graph, queue)
    if holder is None or comes_from_elsewhere(graph, holder, "redrivePolicy"):
        return True
    targets = named_in(graph, holder)
    return bool(targets) and all(
        target.urn != queue.urn and target.flag("fifoQueue") == queue.flag("fifoQueue") and _allows(target, queue)
        for target in targets
    )


def _allows(target: Inputs, source: Inputs) -> bool:
    allowed = target.json("redriveAllowPolicy")
    permission = allowed.text("redrivePermission", "allowAll")
    arn = reference(source, "arn")
    return permission == "allowAll" or (
        permission == "byQueue" and (arn is None or arn in allowed.texts("sourceQueueArns"))
    )


@for_each(QUEUE)
def _receive_count_is_bounded(queue: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    holder = redrive(graph, queue)
    tries = holder.json("redrivePolicy").number("maxReceiveCount", 0) if holder else _FEWEST_RECEIVES
    return _FEWEST_RECEIVES <= tries <= _MOST_RECEIVES


def _retention(queue: Inputs) -> float:
    return queue.number("messageRetentionSeconds", _RETENTION_SECONDS)


def _retention_is_sufficient(graph: StackInputs, _stack: Stack) -> bool | Violations:
    """In standard queues a dead letter expires by the time at which it was sent first, so its queue keeps it as long.

    A FIFO queue counts from the time at which the dead letter arrives:
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html
    (read 2026-11-30).
    """
    dead = {queue.urn for queue in dead_letter_queues(graph)}

    def kept(queue: Inputs) -> bool:
        shortest = _DAY if queue.urn in dead else _HOUR
        return _retention(queue) >= shortest and all(
            target.urn == queue.urn or target.flag("fifoQueue") or _retention(target) >= _retention(queue)
            for target in targets_of(graph, queue)
        )

    return every(graph.of(QUEUE), kept)


def _readers(graph: StackInputs) -> Iterator[tuple[Inputs, Inputs, Inputs]]:
    """Yield each mapping from a queue of this stack with its queue and its function."""
    for one in invocations(graph):
        if one.source.part.resource.type == EVENT_SOURCE_MAPPING:
            for queue in named_by(graph, one.source.part, "eventSourceArn", QUEUE, "arn"):
                yield one.source.part, queue, one.function


def _visibility_covers_timeout(graph: StackInputs, _stack: Stack) -> bool | Violations:
    late = {
        queue.urn: queue
        for _, queue, function in _readers(graph)
        if queue.number("visibilityTimeoutSeconds", _VISIBILITY_SECONDS) < function.number("timeout", 3)
    }
    return Violations(late.values()) or True


def _visibility_covers_retries(graph: StackInputs, _stack: Stack) -> bool | Violations:
    short = {
        queue.urn: queue
        for mapping, queue, function in _readers(graph)
        if queue.number("visibilityTimeoutSeconds", _VISIBILITY_SECONDS)
        < _TIMES_TIMEOUT * function.number("timeout", 3) + mapping.number("maximumBatchingWindowInSeconds", 0)
    }
    return Violations(short.values()) or True


def _of_queue(graph: StackInputs) -> dict[str, tuple[Inputs, Inputs]]:
    return {mapping.urn: (mapping, function) for mapping, _, function in _readers(graph)}


def _reports_batch_item_failures(graph: StackInputs, _stack: Stack) -> bool | Violations:
    mappings = [mapping for mapping, _ in _of_queue(graph).values()]
    return every(
        mappings,
        lambda mapping: (
            mapping.number("batchSize", _DEFAULT_BATCH) <= 1
            or "ReportBatchItemFailures" in mapping.texts("functionResponseTypes")
        ),
    )


def _fits_concurrency(graph: StackInputs, _stack: Stack) -> bool | Violations:
    """Lambda does not compare the mappings of a function with its reserved concurrency; their sum has to fit."""
    found = _of_queue(graph)

    def fits(mapping: Inputs) -> bool:
        function = found[mapping.urn][1]
        reserved = function.number("reservedConcurrentExecutions", -1)
        of_function = [each for each, other in found.values() if other.urn == function.urn]
        most = sum(each.number("scalingConfig.maximumConcurrency", _MOST_BATCHES) for each in of_function)
        return reserved < 0 or most <= reserved

    return every([mapping for mapping, _ in found.values()], fits)


def _is_used(graph: StackInputs, _stack: Stack) -> bool | Violations:
    receiving, read = _receiving_queues(graph), {queue.urn for _, queue, _ in _readers(graph)}
    marked = [queue for queue in graph.of(QUEUE) if _is_marked_as_dead_letter_queue(graph, queue)]
    return every(marked, lambda queue: queue.urn in receiving | read)


@for_each(FUNCTION)
def _dead_letter_target_is_of_stack(function: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    target = known_text(function, "deadLetterConfig.targetArn")
    if target is None or ":sqs:" not in target or comes_from_elsewhere(graph, function, "deadLetterConfig"):
        return True
    return bool(named_by(graph, function, "deadLetterConfig.targetArn", QUEUE, "arn"))


sqs_dead_letters = StackRule(
    name="sqs-dead-letters",
    description="SQS queues have a dead-letter queue",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("NAG: SQS3; NAG_SERVERLESS: SQSRedrivePolicy"),
    checks={
        "redrivePolicy is absent, and the queue is no dead-letter queue; set it to a dead-letter queue": (
            _has_dead_letter_queue
        ),
        "redrivePolicy names a queue outside this stack, of the other type (FIFO or standard), or whose "
        "redriveAllowPolicy excludes this one; use one that accepts its messages": _redrive_target_is_valid,
        f"maxReceiveCount is not between {_FEWEST_RECEIVES} and {_MOST_RECEIVES}; set 5, so that a throttled function "
        "recovers": _receive_count_is_bounded,
        "messageRetentionSeconds is under an hour, under a day for a dead-letter queue, or longer than that of its "
        "dead-letter queue; raise it there": _retention_is_sufficient,
        "deadLetterConfig.targetArn names no queue of this stack; take the ARN from the queue": (
            _dead_letter_target_is_of_stack
        ),
    },
)

dead_letter_queue_used = StackRule(
    name="sqs-dead-letter-queue-used",
    description="Dead-letter queues receive the dead letters of a queue, function, schedule or subscription",
    severity=Severity.LOW,
    levels=Levels.WARNS,
    message="the queue is named as a dead-letter queue, and nothing of this stack sends to it; name it where messages "
    "or events fail, or remove it",
    check=_is_used,
)

sqs_visibility_timeout = StackRule(
    name="sqs-visibility-timeout",
    description="The visibility timeout of an SQS queue is at least the function's timeout",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    message="visibilityTimeoutSeconds is below the function's timeout, so AWS rejects the event source mapping; raise "
    "it to six times the timeout",
    check=_visibility_covers_timeout,
)

sqs_visibility_room = StackRule(
    name="sqs-visibility-room",
    description="The visibility timeout of an SQS queue is at least six times the function's timeout",
    severity=Severity.LOW,
    levels=Levels.WARNS,
    message="retries after throttling count as failures: visibilityTimeoutSeconds is below six times the "
    "function's timeout plus the mapping's batch window; raise it",
    check=_visibility_covers_retries,
)

sqs_batches = StackRule(
    name="sqs-batches",
    description="SQS event source mappings report batch item failures and respect the reserved concurrency",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS,
    checks={
        "functionResponseTypes lacks ReportBatchItemFailures, so one message makes the batch fail; add it and return "
        "the failed messages": _reports_batch_item_failures,
        "enabled is false, so messages wait until they expire; remove it": for_each(EVENT_SOURCE_MAPPING)(
            lambda mapping, *_: mapping.flag("enabled", default=True)
        ),
        "throttled messages reach the dead-letter queue: scalingConfig.maximumConcurrency is absent, or in sum above "
        "the function's reserved concurrency; lower it": _fits_concurrency,
    },
)

sqs_encrypted = ResourceRule(
    name="sqs-encrypted",
    description="SQS queues are encrypted",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    controls=controls("FSBP: SQS.1; NAG: SQS2; CHECKOV: CKV_AWS_27"),
    types=(QUEUE,),
    message="sqsManagedSseEnabled is false and there is no kmsMasterKeyId; set one of them",
    check=lambda queue, _: queue.flag("sqsManagedSseEnabled", default=True) or queue.has("kmsMasterKeyId"),
)

sqs_customer_key = ResourceRule(
    name="sqs-customer-key",
    description="SQS queues are encrypted with a customer managed KMS key",
    severity=Severity.LOW,
    levels=Levels.REPORTED,
    controls=controls("CHECKOV: CKV2_AWS_73"),
    types=(QUEUE,),
    message="kmsMasterKeyId is absent or AWS's own key; name a key of the account",
    check=lambda queue, _: queue.has("kmsMasterKeyId") and queue.text("kmsMasterKeyId") != "alias/aws/sqs",
)
