"""Event sources of functions whose number of events is in no profile."""

from collections.abc import Iterable

from toolkit.cost.schedules import SCHEDULE_TARGETS, calls_of_schedule
from toolkit.stacks.inputs import Inputs, StackInputs

EVENT_SOURCES = (
    ("aws:apigatewayv2/api:Api", "target"),
    ("aws:lambda/eventSourceMapping:EventSourceMapping", "functionName"),
    ("aws:s3/bucketNotification:BucketNotification", "lambdaFunctions"),
    ("aws:sns/topicSubscription:TopicSubscription", "endpoint"),
    ("aws:cognito/userPool:UserPool", "lambdaConfig"),
    ("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", "destinationArn"),
    ("aws:iot/topicRule:TopicRule", "lambdas"),
    ("aws:pipes/pipe:Pipe", "target"),
    ("aws:pipes/pipe:Pipe", "enrichment"),
    ("aws:sfn/stateMachine:StateMachine", "definition"),
    ("aws:lb/targetGroupAttachment:TargetGroupAttachment", "targetId"),
    ("aws:appsync/dataSource:DataSource", "lambdaConfig"),
    ("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "extendedS3Configuration"),
    ("aws:cloudfront/distribution:Distribution", "defaultCacheBehavior"),
    ("aws:secretsmanager/secretRotation:SecretRotation", "rotationLambdaArn"),
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "alarmActions"),
)
"""By type, the property that names the function. An API with a target is a quick create: its stage and its route are
not in the program."""


def callers_without_count(graph: StackInputs, entries: Iterable[Inputs]) -> tuple[Inputs, ...]:
    """Return the event sources of a function, and schedules of a form that is not read."""
    entries = tuple(entries)
    found = [one for entry in entries for type_, by in EVENT_SOURCES for one in graph.using(entry, type_, by=by)]
    found += [
        one
        for entry in entries
        for type_, by in SCHEDULE_TARGETS
        for one in graph.using(entry, type_, by=by)
        if calls_of_schedule(graph, one) is None
    ]
    return tuple({one.urn: one for one in found}.values())
