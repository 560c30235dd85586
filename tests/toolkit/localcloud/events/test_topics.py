"""Topics deliver messages to functions and queues, as their policies allow."""

import json
import uuid
from typing import Any

import pytest
from aws_lambda_powertools.utilities.parser.models import SnsModel

from tests.support.event_delivery import Delivered, printer, put, queue, received, url
from tests.support.functions import DeployedFunction
from tests.support.scenarios import wait_until
from toolkit.localcloud.connection import AwsConnection


def create_topic(cloud: AwsConnection) -> str:
    return str(cloud.client("sns").create_topic(Name=f"topic-{uuid.uuid4().hex[:12]}")["TopicArn"])


def permit(function: DeployedFunction, topic: str) -> None:
    function.connection.client("lambda").add_permission(
        FunctionName=function.name,
        Qualifier="live",
        StatementId="topic",
        Action="lambda:InvokeFunction",
        Principal="sns.amazonaws.com",
        SourceArn=topic,
    )


def subscribe(cloud: AwsConnection, topic: str, protocol: str, endpoint: str, **attributes: Any) -> str:
    given = {name: value if isinstance(value, str) else json.dumps(value) for name, value in attributes.items()}
    found = cloud.client("sns").subscribe(
        TopicArn=topic, Protocol=protocol, Endpoint=endpoint, Attributes=given, ReturnSubscriptionArn=True
    )
    return str(found["SubscriptionArn"])


def let_topic_send(cloud: AwsConnection, queue_arn: str, topic: str) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    cloud.client("sqs").set_queue_attributes(QueueUrl=url(cloud, queue_arn), Attributes={"Policy": policy})


def test_message_invokes_the_function_with_the_documented_record(cloud: AwsConnection, delivered: Delivered) -> None:
    """The record: https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html."""
    topic, function = create_topic(cloud), printer(cloud)
    permit(function, topic)
    subscription = subscribe(cloud, topic, "lambda", function.live)
    colour = {"DataType": "String", "StringValue": "red"}
    message = cloud.client("sns").publish(
        TopicArn=topic, Message="published", Subject="news", MessageAttributes={"colour": colour}
    )
    (event,) = delivered.wait_for("published")
    SnsModel.model_validate(event)
    (record,) = event["Records"]
    assert (record["EventSource"], record["EventVersion"]) == ("aws:sns", "1.0")
    assert record["EventSubscriptionArn"] == subscription
    sns = record["Sns"]
    assert (sns["MessageId"], sns["TopicArn"], sns["Subject"]) == (message["MessageId"], topic, "news")
    assert sns["MessageAttributes"] == {"colour": {"Type": "String", "Value": "red"}}
    assert set(sns) == {
        *("Type", "MessageId", "TopicArn", "Subject", "Message", "Timestamp", "SignatureVersion", "Signature"),
        *("SigningCertUrl", "UnsubscribeUrl", "MessageAttributes"),
    }


def test_function_that_does_not_permit_the_topic_is_not_invoked(cloud: AwsConnection, delivered: Delivered) -> None:
    topic, function, letters = create_topic(cloud), printer(cloud), queue(cloud)
    permit(function, create_topic(cloud))
    let_topic_send(cloud, letters, topic)
    subscribe(cloud, topic, "lambda", function.live, RedrivePolicy={"deadLetterTargetArn": letters})
    cloud.client("sns").publish(TopicArn=topic, Message="not permitted to publish")
    (letter,) = received(cloud, letters)
    assert json.loads(letter["Body"])["Message"] == "not permitted to publish"
    assert not delivered.events("not permitted to publish")


def test_topic_with_the_key_of_aws_delivers(cloud: AwsConnection, delivered: Delivered) -> None:
    topic, function = create_topic(cloud), printer(cloud)
    cloud.client("sns").set_topic_attributes(
        TopicArn=topic, AttributeName="KmsMasterKeyId", AttributeValue="alias/aws/sns"
    )
    permit(function, topic)
    subscribe(cloud, topic, "lambda", function.live)
    cloud.client("sns").publish(TopicArn=topic, Message="encrypted by AWS")
    delivered.wait_for("encrypted by AWS")


def test_failed_invocation_is_tried_again(cloud: AwsConnection, delivered: Delivered) -> None:
    topic, function = create_topic(cloud), printer(cloud)
    permit(function, topic)
    subscribe(cloud, topic, "lambda", function.live)
    cloud.client("sns").publish(TopicArn=topic, Message="raise on publish")
    delivered.wait_for("raise on publish", 3)


def test_filter_policy_selects_messages(cloud: AwsConnection, delivered: Delivered) -> None:
    topic, function = create_topic(cloud), printer(cloud)
    permit(function, topic)
    subscribe(cloud, topic, "lambda", function.live, FilterPolicy={"kind": ["wanted"]})
    for kind in ("unwanted", "wanted"):
        attribute = {"DataType": "String", "StringValue": kind}
        cloud.client("sns").publish(TopicArn=topic, Message=f"is {kind}", MessageAttributes={"kind": attribute})
    delivered.wait_for("is wanted")
    assert not delivered.events("is unwanted")


@pytest.mark.parametrize("raw", ["true", "false"])
def test_queue_gets_the_message_raw_or_as_a_notification(cloud: AwsConnection, delivered: Delivered, raw: str) -> None:
    topic, target = create_topic(cloud), queue(cloud)
    let_topic_send(cloud, target, topic)
    subscribe(cloud, topic, "sqs", target, RawMessageDelivery=raw)
    cloud.client("sns").publish(TopicArn=topic, Message="for the queue")
    (message,) = received(cloud, target)
    body = message["Body"] if raw == "true" else json.loads(message["Body"])["Message"]
    assert body == "for the queue"
    assert delivered.log.exists()


def test_queue_that_does_not_permit_the_topic_gets_nothing(
    cloud: AwsConnection, delivered: Delivered, caplog: pytest.LogCaptureFixture
) -> None:
    topic, target = create_topic(cloud), queue(cloud)
    let_topic_send(cloud, target, create_topic(cloud))
    subscribe(cloud, topic, "sqs", target)
    cloud.client("sns").publish(TopicArn=topic, Message="not permitted to send")
    wait_until(lambda: "does not let sns.amazonaws.com send" in caplog.text)
    put(cloud, target, "the only message")
    assert [message["Body"] for message in received(cloud, target)] == ["the only message"]
    assert delivered.log.exists()
