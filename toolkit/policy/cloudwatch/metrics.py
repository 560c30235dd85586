"""The metrics of metrics.txt: the meaning of the values, which values are bad, and the published dimensions."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("metrics.txt")
_UNDELIVERED = "InvocationsFailedToBeSentToDeadLetterCount"
"""Of a schedule; a second metric has the code of the error behind it: `…Count_AccessDenied`."""

OWNERS: Mapping[str, tuple[str, str, str]] = {
    "FunctionName": ("AWS/Lambda", "aws:lambda/function:Function", "name"),
    "ApiId": ("AWS/ApiGateway", "aws:apigatewayv2/api:Api", "id"),
    "ApiName": ("AWS/ApiGateway", "aws:apigateway/restApi:RestApi", "name"),
    "TableName": ("AWS/DynamoDB", "aws:dynamodb/table:Table", "name"),
    "QueueName": ("AWS/SQS", "aws:sqs/queue:Queue", "name"),
    "TopicName": ("AWS/SNS", "aws:sns/topic:Topic", "name"),
    "DistributionId": ("AWS/CloudFront", "aws:cloudfront/distribution:Distribution", "id"),
    "UserPool": ("AWS/Cognito", "aws:cognito/userPool:UserPool", "id"),
    "UserPoolId": ("AWS/Cognito", "aws:cognito/userPool:UserPool", "id"),
    "RuleName": ("AWS/Events", "aws:cloudwatch/eventRule:EventRule", "name"),
    "EventSourceMappingUUID": ("AWS/Lambda", "aws:lambda/eventSourceMapping:EventSourceMapping", "uuid"),
}
"""By dimension: its namespace, the resource type that it names, and the output with the name."""


class Kind(Enum):
    """The meaning of a metric's value, which decides the useful statistics."""

    EVENTS = "events"
    """One sample for each call, 0 or 1 for most: the sum counts, the average is a share of at most 1."""
    AMOUNT = "amount"
    """A number of events or bytes in a sample: the sum counts."""
    MILLISECONDS = "milliseconds"
    """A duration of each call: the sum has no meaning."""
    LEVEL = "level"
    """A size at a point in time: the sum of samples has no meaning."""
    PERCENT = "percent"
    RATIO = "ratio"


class BadValues(Enum):
    """Whether high or low values of a metric are bad."""

    HIGH = "high"
    EITHER = "either"
    """Depends on the purpose of the alarm: too much traffic, or none."""
    LOW = "low"


@dataclass(frozen=True)
class Metric:
    """One metric of AWS."""

    kind: Kind
    bad: BadValues
    dimensions: frozenset[frozenset[str]]
    """The combinations that are published."""


@cache
def metrics_by_namespace() -> Mapping[str, Mapping[str, Metric] | None]:
    """Return the metrics by namespace and name; None for a namespace whose metrics are not listed."""
    namespaces: dict[str, dict[str, Metric] | None] = {}
    dimensions: frozenset[frozenset[str]] = frozenset()
    for row in _rows():
        subject, _, text = row.partition(":")
        if subject == "namespace":
            metrics: dict[str, Metric] = {}
            namespaces[text.strip()] = metrics
        elif subject == "dimensions":
            dimensions = frozenset(frozenset(each.replace("-", "").split()) for each in text.split("|"))
        elif subject == "others":
            namespaces.update({f"AWS/{name}": None for name in text.split()})
        else:
            kind, bad = subject.split()
            metrics.update({name: Metric(Kind(kind), BadValues(bad), dimensions) for name in text.split()})
    return namespaces


def metric(namespace: str, name: str) -> Metric | None:
    """Return the kind of a metric; None where the list lacks it."""
    metrics = metrics_by_namespace().get(namespace) or {}
    return metrics.get(_UNDELIVERED if name.startswith(f"{_UNDELIVERED}_") else name)


def _rows() -> list[str]:
    """Return the rows of the file, each with its indented lines."""
    lines = [line for line in _FILE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return "\n".join(lines).replace("\n  ", " ").splitlines()
