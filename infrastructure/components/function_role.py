"""The permissions of the functions: the calls that their code makes, on their own resources."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from api.definition import BUCKETS, PARAMETERS, QUEUES, TABLES, TOPICS, Bucket, Function, Grant
from infrastructure.components.secret import pascal_case
from infrastructure.policy_documents import Document, PolicyStatement, allow, document

_SEND = ("sqs:SendMessage", "sqs:GetQueueAttributes")
_RECEIVE = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes")
_READ_STREAM = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")


@dataclass(frozen=True, kw_only=True)
class FunctionResources:
    """The ARNs of the resources that functions use, by their names in `api.definition`."""

    tables: Mapping[str, pulumi.Input[str]]
    buckets: Mapping[str, pulumi.Input[str]]
    secrets: Mapping[str, pulumi.Input[str]]
    queues: Mapping[str, pulumi.Input[str]]
    topics: Mapping[str, pulumi.Input[str]]
    parameters: Mapping[str, pulumi.Input[str]]


def api_permissions(resources: FunctionResources, log_group: str) -> Document:
    """Return the policy document of the API's function."""
    return document(
        *(_granted(Grant(table, table.actions), resources) for table in TABLES),
        *(_granted(Grant(bucket, bucket.actions), resources) for bucket in BUCKETS),
        *_secrets(resources.secrets),
        *(_allow(queue.name, "Queue", _SEND, resources.queues) for queue in QUEUES),
        *(_allow(topic.name, "Topic", ["sns:Publish"], resources.topics) for topic in TOPICS),
        *(_allow(one.name, "Parameter", ["ssm:GetParameter"], resources.parameters) for one in PARAMETERS),
        *_telemetry(log_group),
    )


@dataclass(frozen=True, kw_only=True)
class EventSources:
    """The ARNs of what a function reads events from, and of its dead-letter queue."""

    queues: Sequence[pulumi.Input[str]] = ()
    streams: Sequence[pulumi.Input[str]] = ()
    dead_letters: pulumi.Input[str]


def event_permissions(
    function: Function, resources: FunctionResources, sources: EventSources, log_group: str
) -> Document:
    """Return the policy document of a function that events invoke."""
    return document(
        *(_granted(grant, resources) for grant in function.grants),
        *_secrets({name: resources.secrets[name] for name in function.secrets}),
        *([allow("ReceiveMessages", _RECEIVE, sources.queues)] if sources.queues else []),
        *([allow("ReadStreams", _READ_STREAM, sources.streams)] if sources.streams else []),
        # ListStreams has no resource: AWS accepts it on * only.
        *([allow("ListStreams", ["dynamodb:ListStreams"], ["*"])] if sources.streams else []),
        allow("DeadLetters", ["sqs:SendMessage"], [sources.dead_letters]),
        *_telemetry(log_group),
    )


def _granted(grant: Grant, resources: FunctionResources) -> PolicyStatement:
    resource = grant.resource
    if isinstance(resource, Bucket):
        arn = resources.buckets[resource.name]
        objects = [pulumi.Output.concat(arn, f"/{prefix}/*") for prefix in resource.prefixes]
        return allow(_sid(resource.name, "Bucket"), grant.actions, objects)
    arn = resources.tables[resource.name]
    indexes = [pulumi.Output.concat(arn, f"/index/{index.name}") for index in resource.indexes]
    return allow(_sid(resource.name, "Table"), grant.actions, [arn, *indexes])


def _secrets(arns: Mapping[str, pulumi.Input[str]]) -> list[PolicyStatement]:
    return [_allow(name, "Secret", ["secretsmanager:GetSecretValue"], arns) for name in arns]


def _allow(name: str, kind: str, actions: Sequence[str], arns: Mapping[str, pulumi.Input[str]]) -> PolicyStatement:
    return allow(_sid(name, kind), actions, [arns[name]])


def _sid(name: str, kind: str) -> str:
    """Return the statement's id with the kind: a table and a queue may have the same name."""
    return pascal_case(name) + kind


def _telemetry(log_group: str) -> list[PolicyStatement]:
    return [
        allow("Logs", ["logs:CreateLogStream", "logs:PutLogEvents"], [f"{log_group}:*"]),
        # X-Ray has no resources for these two actions: AWS accepts them on * only.
        allow("Traces", ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], ["*"]),
    ]
