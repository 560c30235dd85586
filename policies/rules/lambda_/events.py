"""Rules on functions that events invoke: their alias, permissions, failed events and streams."""

from collections.abc import Iterator

from policies.rules.lambda_.callers import EventSource, invocations, qualifier_of
from toolkit.policy.iam.evaluation import Call, permits
from toolkit.policy.iam.role_policies import policies_of
from toolkit.policy.rule import Levels, ResourceRule, Severity, StackRule, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.cloudwatch import EVENT_RULE, EVENT_TARGET
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.iam import ROLE
from toolkit.resource_types.lambda_ import EVENT_INVOKE_CONFIG, EVENT_SOURCE_MAPPING, FUNCTION, FUNCTION_URL, PERMISSION
from toolkit.resource_types.s3 import BUCKET, BUCKET_NOTIFICATION
from toolkit.resource_types.sns import TOPIC, TOPIC_SUBSCRIPTION
from toolkit.resource_types.sqs import QUEUE
from toolkit.stacks.inputs import Inputs, StackInputs, Violations, every
from toolkit.stacks.references import comes_from, known_text, named_by, refers

_READING_QUEUE = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
_READING_STREAM = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")
"""https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html and
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaDynamoDBExecutionRole.html, read 2026-11-30."""
_READERS_OF_A_SHARD = 2
"""Readers that DynamoDB does not throttle:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html (read 2026-11-30)"""
_SERVICES = {
    BUCKET_NOTIFICATION: ("s3.amazonaws.com", "bucket", BUCKET, ("bucket", "id")),
    TOPIC_SUBSCRIPTION: ("sns.amazonaws.com", "topic", TOPIC, ("arn",)),
    EVENT_TARGET: ("events.amazonaws.com", "rule", EVENT_RULE, ("name",)),
}
"""By type of the event source: the service that invokes, the property that names its origin, the origin's type and
outputs. An event source mapping reads with the role of the function, and a schedule has a role of its own."""


def _through_alias(graph: StackInputs, _stack: Stack) -> bool | Violations:
    return Violations(one.source.part for one in invocations(graph) if one.qualifier in {"", "$LATEST"}) or True


def _failures_are_kept(graph: StackInputs, _stack: Stack) -> bool | Violations:
    lost = {
        one.function.urn: one.function
        for one in invocations(graph)
        if one.source.is_asynchronous and not _keeps_failures(graph, one.function, one.qualifier)
    }
    return Violations(lost.values()) or True


def _keeps_failures(graph: StackInputs, function: Inputs, qualifier: str) -> bool:
    """Each alias has an event invoke config of its own; without one AWS keeps the defaults, without a destination."""
    return function.has("deadLetterConfig.targetArn") or any(
        config.has("destinationConfig.onFailure.destination") and config.text("qualifier") == qualifier
        for config in graph.of(EVENT_INVOKE_CONFIG)
        if refers(config, "functionName", known_text(config, "functionName"), function, "name", "arn")
    )


def _sources_are_admitted(graph: StackInputs, _stack: Stack) -> bool | Violations:
    return (
        Violations(
            one.source.part
            for one in invocations(graph)
            if one.source.part.resource.type in _SERVICES
            and not _is_admitted(graph, one.source, one.function, one.qualifier)
        )
        or True
    )


def _is_admitted(graph: StackInputs, source: EventSource, function: Inputs, qualifier: str) -> bool:
    service = _SERVICES[source.part.resource.type][0]
    origins = _origins(graph, source)
    return any(
        permission.text("principal") == service
        and _is_on(graph, permission, function, qualifier)
        and (not origins or any(_names_source(permission, origin) for origin in origins))
        for permission in graph.of(PERMISSION)
    )


def _origins(graph: StackInputs, source: EventSource) -> tuple[Inputs, ...]:
    """Return the bucket, topic or rule of the stack from which the events come."""
    _, path, type_, outputs = _SERVICES[source.part.resource.type]
    whole = next(one for one in graph.resources if one.urn == source.part.urn)
    return named_by(graph, whole, path, type_, *outputs)


def _names_source(permission: Inputs, origin: Inputs) -> bool:
    value = known_text(permission, "sourceArn")
    if origin.resource.type == BUCKET and value is not None and (name := known_text(origin, "bucket")):
        return value == f"arn:aws:s3:::{name}"
    return refers(permission, "sourceArn", value, origin, "arn")


def _is_on(graph: StackInputs, permission: Inputs, function: Inputs, qualifier: str) -> bool:
    found = qualifier_of(graph, permission, "function", known_text(permission, "function"), function)
    return found is not None and (known_text(permission, "qualifier") or found) == qualifier


def _notification_waits(graph: StackInputs, _stack: Stack) -> bool | Violations:
    """S3 checks the permission when the notification is made, which may be before the permission."""

    def waits(notification: Inputs) -> bool:
        urns = {*notification.resource.depends_on, *notification.depends_on("lambdaFunctions")}
        needed = [one for one in invocations(graph) if one.source.part.urn == notification.urn]
        permissions = [each for each in graph.of(PERMISSION) if each.text("principal") == "s3.amazonaws.com"]
        return all(
            any(each.urn in urns and _is_on(graph, each, one.function, one.qualifier) for each in permissions)
            for one in needed
        )

    return every(graph.of(BUCKET_NOTIFICATION), waits)


@for_each(PERMISSION)
def _source_is_of_stack(permission: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    for service, _, type_, _ in _SERVICES.values():
        if permission.text("principal") == service:
            if type_ == BUCKET and any(_names_source(permission, bucket) for bucket in graph.of(BUCKET)):
                return True
            return comes_from(graph, permission, "sourceArn", type_, outputs=("arn",))
    return True


def _roles_may(graph: StackInputs, function: Inputs, actions: tuple[str, ...], arn: str | None) -> bool:
    """Return whether the policies of the function's role in this stack allow the calls."""
    roles = graph.behind(function, "role", ROLE)
    return all(
        permits(policies_of(role, graph).statements, Call(action, arn, is_partial=True))
        for role in roles
        for action in actions
    )


def _sources_are_readable(graph: StackInputs, _stack: Stack) -> bool | Violations:
    mappings = {one.source.part.urn: one for one in invocations(graph) if not one.source.is_asynchronous}

    def readable(mapping: Inputs) -> bool:
        function = mappings[mapping.urn].function
        return all(_roles_may(graph, function, actions, arn) for actions, arn in _read_by(graph, mapping))

    return every((one.source.part for one in mappings.values()), readable)


def _read_by(graph: StackInputs, mapping: Inputs) -> Iterator[tuple[tuple[str, ...], str | None]]:
    """Yield the calls of the mapping, each with the ARN that they are on."""
    arn = known_text(mapping, "eventSourceArn")
    if named_by(graph, mapping, "eventSourceArn", QUEUE, "arn"):
        yield _READING_QUEUE, arn
    if named_by(graph, mapping, "eventSourceArn", TABLE, "streamArn"):
        yield _READING_STREAM, arn


def _failures_can_be_sent(graph: StackInputs, _stack: Stack) -> bool | Violations:
    holders = {
        one.source.part.urn: (one.source.part, one.function, "destinationConfig.onFailure.destinationArn")
        for one in invocations(graph)
        if not one.source.is_asynchronous
    }
    for function in graph.of(FUNCTION):
        holders[function.urn] = (function, function, "deadLetterConfig.targetArn")
        for config in graph.of(EVENT_INVOKE_CONFIG):
            if refers(config, "functionName", known_text(config, "functionName"), function, "name", "arn"):
                holders[config.urn] = (config, function, "destinationConfig.onFailure.destination")

    def may_send(holder: Inputs) -> bool:
        _, function, path = holders[holder.urn]
        sent_to_queue = named_by(graph, holder, path, QUEUE, "arn")
        return not sent_to_queue or _roles_may(graph, function, ("sqs:SendMessage",), known_text(holder, path))

    return every((holder for holder, _, _ in holders.values()), may_send)


def _stream(mapping: Inputs) -> bool:
    source = mapping.text("eventSourceArn")
    return ":kinesis:" in source or ":dynamodb:" in source


def _batch_is_divided(mapping: Inputs, _stack: Stack) -> bool:
    return (
        not _stream(mapping)
        or mapping.number("batchSize", 100) <= 1
        or mapping.flag("bisectBatchOnFunctionError")
        or "ReportBatchItemFailures" in mapping.texts("functionResponseTypes")
    )


def _few_readers(graph: StackInputs, _stack: Stack) -> bool | Violations:
    mappings = graph.of(EVENT_SOURCE_MAPPING)
    return every(
        graph.of(TABLE),
        lambda table: (
            sum(table in named_by(graph, one, "eventSourceArn", TABLE, "streamArn") for one in mappings)
            <= _READERS_OF_A_SHARD
        ),
    )


events_invoke_alias = StackRule(
    name="events-invoke-alias",
    description="Event sources invoke a function by its alias",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    message="the event source names the function without an alias, so it invokes code that is not deployed yet; set "
    "the alias's ARN",
    check=_through_alias,
)

async_failures_kept = StackRule(
    name="async-failures-kept",
    description="Functions that events invoke asynchronously have a dead-letter queue or an on-failure destination",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    message="an event that fails three times is lost: the function has no deadLetterConfig, and the alias that is "
    "invoked has no event invoke config with onFailure; set one to a queue",
    check=_failures_are_kept,
)

event_source_admitted = StackRule(
    name="event-source-admitted",
    description="Lambda permissions admit each bucket, topic and rule that invokes a function",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    checks={
        "no permission admits the event source to the alias that it invokes, so no event arrives; add one with the "
        "principal, sourceArn, function and qualifier": _sources_are_admitted,
        "S3 rejects a notification without the permission; add the permission to depends_on of the notification": (
            _notification_waits
        ),
    },
)

event_permission_scoped = StackRule(
    name="event-permission-scoped",
    description="Lambda permissions for S3, SNS and EventBridge name a bucket, topic or rule of the same stack",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    message="sourceArn comes from no bucket, topic or rule of this stack; set it to the ARN of one",
    check=_source_is_of_stack,
)

event_role_permits = StackRule(
    name="event-role-permits",
    description="The function's role may read its event source and send failed events",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    checks={
        "AWS rejects the mapping: the function's role may not read its queue or stream; allow sqs:ReceiveMessage, "
        "DeleteMessage and GetQueueAttributes, or dynamodb:DescribeStream, GetRecords and GetShardIterator": (
            _sources_are_readable
        ),
        "AWS rejects the destination: the function's role may not send to it; allow sqs:SendMessage on the queue": (
            _failures_can_be_sent
        ),
    },
)

lambda_stream_failures = ResourceRule(
    name="lambda-stream-failures-kept",
    description="Stream event source mappings have an on-failure destination and divide failed batches",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(EVENT_SOURCE_MAPPING,),
    checks={
        "destinationConfig.onFailure.destinationArn is absent, so records that fail are lost; set it to a queue": (
            lambda mapping, _: not _stream(mapping) or mapping.has("destinationConfig.onFailure.destinationArn")
        ),
        "one record makes the batch fail: set functionResponseTypes to ReportBatchItemFailures, or "
        "bisectBatchOnFunctionError to true": _batch_is_divided,
    },
)

stream_readers_few = StackRule(
    name="stream-readers-few",
    description="A DynamoDB stream has at most two event source mappings",
    severity=Severity.LOW,
    levels=Levels.WARNS,
    message=f"more than {_READERS_OF_A_SHARD} event source mappings read the table's stream, which DynamoDB throttles; "
    "read it with one function",
    check=_few_readers,
)

lambda_no_urls = ResourceRule(
    name="lambda-no-urls",
    description="Lambda functions have no function URL",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    types=(FUNCTION_URL,),
    message="the function URL has no JWT authorizer, no throttle of its own, no access log and no web ACL; remove it, "
    "and add a route to the HTTP API",
    check=lambda *_: False,
)
