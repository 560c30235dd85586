"""The queues, topics, schedules, streams and uploads of the stack, and the functions that they invoke."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from api.definition import (
    BUCKETS,
    FUNCTIONS,
    QUEUES,
    SCHEDULES,
    STREAMS,
    TOPICS,
    UPLOADS,
    Bucket,
    Function,
    secret_variable,
)
from infrastructure.components.attachment_bucket import AttachmentBucket
from infrastructure.components.dead_letter_queue import DeadLetterQueue, DeadLetterQueueArgs
from infrastructure.components.event_source import EventSource, EventSourceArgs
from infrastructure.components.event_topic import EventTopic, TopicSubscription, TopicSubscriptionArgs
from infrastructure.components.failed_invocations import FailedInvocations, FailedInvocationsArgs
from infrastructure.components.function_role import EventSources, FunctionResources, event_permissions
from infrastructure.components.lambda_function import LambdaFunction, LambdaFunctionArgs
from infrastructure.components.queue import Queue, QueueArgs
from infrastructure.components.schedule import Schedule, ScheduleArgs
from infrastructure.components.table import Table
from infrastructure.components.upload_events import UploadEvents, UploadEventsArgs, UploadTarget
from infrastructure.package import Package
from infrastructure.settings.groups import WorkerSettings
from infrastructure.settings.stack import StackSettings

_STREAM_BATCH = 100


class Messages:
    """The queues and topics, to which the API sends; each function has a dead-letter queue for what it fails to do."""

    def __init__(self, settings: StackSettings, opts: pulumi.ResourceOptions) -> None:
        account_id, protect = settings.account_id, settings.keeps_data
        self.dead_letters = {
            function.name: DeadLetterQueue(
                function.name, DeadLetterQueueArgs(account_id=account_id, protect=protect), opts
            )
            for function in FUNCTIONS
        }
        self.queues = {
            queue.name: Queue(
                queue.name,
                QueueArgs(
                    function_timeout_seconds=timeout_seconds(queue.worker, settings),
                    attempts=queue.attempts,
                    dead_letters_arn=self.dead_letters[queue.worker.name].arn,
                    protect=protect,
                ),
                opts,
            )
            for queue in QUEUES
        }
        self.topics = {topic.name: EventTopic(topic.name, account_id, opts) for topic in TOPICS}

    @property
    def variables(self) -> dict[str, pulumi.Output[str]]:
        """The URLs of the queues and the ARNs of the topics, by the environment variables of the API's function."""
        queues = {queue.variable: self.queues[queue.name].url for queue in QUEUES}
        return queues | {topic.variable: self.topics[topic.name].arn for topic in TOPICS}


@dataclass(frozen=True, kw_only=True)
class EventFunctionsArgs:
    """The package, what the functions use, and what all functions of the stack have in common."""

    settings: StackSettings
    region: str
    package: Package
    environment: Mapping[str, pulumi.Input[str]]
    log_prefix: str
    log_key: pulumi.Input[str] | None
    resources: FunctionResources
    tables: Mapping[str, Table]
    buckets: Mapping[str, AttachmentBucket]
    messages: Messages


class EventFunctions:
    """The functions of `api.definition.FUNCTIONS`, with what invokes them."""

    def __init__(self, args: EventFunctionsArgs, opts: pulumi.ResourceOptions) -> None:
        self._args, self._opts = args, opts
        self.functions = {function.name: self._function(function) for function in FUNCTIONS}
        for queue in QUEUES:
            source = self._args.messages.queues[queue.name].arn
            self._source(f"{queue.name}-queue", queue.worker, source, queue.batch_size)
        for stream in STREAMS:
            table, function = stream.table.name, stream.function
            name, source = f"{table}-{function.name}", args.tables[table].stream_arn
            self._source(name, function, source, _STREAM_BATCH, is_stream=True)
        for topic in TOPICS:
            self._subscribe(topic.name, topic.subscribers)
        for schedule in SCHEDULES:
            self._schedule(schedule.name, schedule.expression, schedule.function)
        for bucket in BUCKETS:
            self._uploads(bucket)
        for name in dict.fromkeys(function.name for function in _invoked_asynchronously()):
            self._failed_invocations(name)

    def _function(self, function: Function) -> LambdaFunction:
        args, worker = self._args, worker_settings(function, self._args.settings)
        settings, log_group = args.settings, f"{args.log_prefix}/{function.name}"
        sources = EventSources(
            queues=[args.messages.queues[queue.name].arn for queue in QUEUES if queue.worker == function],
            streams=[args.tables[each.table.name].stream_arn for each in STREAMS if each.function == function],
            dead_letters=args.messages.dead_letters[function.name].arn,
        )
        log_group_arn = f"arn:aws:logs:{args.region}:{settings.account_id}:log-group:{log_group}"
        return LambdaFunction(
            function.name,
            LambdaFunctionArgs(
                description=f"Processes events: {function.name}",
                handler=function.handler,
                package=args.package,
                environment=self._environment(function),
                memory_mb=worker.memory_mb or function.memory_mb,
                timeout_seconds=timeout_seconds(function, settings),
                reserved_concurrency=worker.reserved_concurrency,
                log_level=settings.function.log_level,
                log_group_name=log_group,
                log_retention_days=worker.log_retention_days or settings.function.log_retention_days,
                log_key=args.log_key,
                permissions=event_permissions(function, args.resources, sources, log_group_arn),
                boundary_arn=settings.boundary_arn,
            ),
            self._opts,
        )

    def _environment(self, function: Function) -> dict[str, pulumi.Input[str]]:
        """Return the names of the granted tables and buckets, the ARNs of the secrets, and what all functions have."""
        args = self._args
        granted: dict[str, pulumi.Input[str]] = {
            resource.variable: (args.buckets if isinstance(resource, Bucket) else args.tables)[resource.name].name
            for resource, _ in function.grants
        }
        secrets = {secret_variable(name): args.resources.secrets[name] for name in function.secrets}
        return {**args.environment, **granted, **secrets}

    def _source(
        self, name: str, function: Function, source: pulumi.Input[str], batch_size: int, *, is_stream: bool = False
    ) -> None:
        worker = worker_settings(function, self._args.settings)
        EventSource(
            name,
            EventSourceArgs(
                source_arn=source,
                alias_arn=self.functions[function.name].alias_arn,
                batch_size=batch_size,
                concurrency=worker.reserved_concurrency,
                stream_dead_letters_arn=self._dead_letters(function.name) if is_stream else None,
            ),
            self._opts,
        )

    def _subscribe(self, topic: str, subscribers: Sequence[Function]) -> None:
        for name in (function.name for function in subscribers):
            function = self.functions[name]
            TopicSubscription(
                f"{topic}-{name}",
                TopicSubscriptionArgs(
                    topic_arn=self._args.messages.topics[topic].arn,
                    function_name=function.name,
                    alias=function.alias,
                    alias_arn=function.alias_arn,
                    dead_letters_arn=self._dead_letters(name),
                ),
                self._opts,
            )

    def _schedule(self, name: str, expression: str, function: Function) -> None:
        settings = self._args.settings
        Schedule(
            name,
            ScheduleArgs(
                account_id=settings.account_id,
                expression=expression,
                alias_arn=self.functions[function.name].alias_arn,
                dead_letters_arn=self._dead_letters(function.name),
                boundary_arn=settings.boundary_arn,
            ),
            self._opts,
        )

    def _uploads(self, bucket: Bucket) -> None:
        targets = {
            upload.prefix: UploadTarget(
                function_name=self.functions[upload.function.name].name,
                alias=self.functions[upload.function.name].alias,
                alias_arn=self.functions[upload.function.name].alias_arn,
            )
            for upload in UPLOADS
            if upload.bucket == bucket
        }
        if not targets:
            return
        storage = self._args.buckets[bucket.name]
        account_id = self._args.settings.account_id
        UploadEvents(
            bucket.name,
            UploadEventsArgs(account_id=account_id, bucket_name=storage.name, bucket_arn=storage.arn, targets=targets),
            self._opts,
        )

    def _failed_invocations(self, name: str) -> None:
        function = self.functions[name]
        FailedInvocations(
            name,
            FailedInvocationsArgs(
                function_name=function.name, alias=function.alias, dead_letters_arn=self._dead_letters(name)
            ),
            self._opts,
        )

    def _dead_letters(self, function: str) -> pulumi.Output[str]:
        return self._args.messages.dead_letters[function].arn


def worker_settings(function: Function, settings: StackSettings) -> WorkerSettings:
    """Return the stack's settings of a function that events invoke."""
    return settings.functions.get(function.name, WorkerSettings())


def timeout_seconds(function: Function, settings: StackSettings) -> int:
    """Return the stack's timeout of a function, otherwise the declared one."""
    return worker_settings(function, settings).timeout_seconds or function.timeout_seconds


def _invoked_asynchronously() -> list[Function]:
    """Return the functions that SNS, EventBridge Scheduler or S3 invoke."""
    subscribers = [function for topic in TOPICS for function in topic.subscribers]
    return [*subscribers, *(event.function for events in (SCHEDULES, UPLOADS) for event in events)]
